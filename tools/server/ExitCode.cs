namespace Reactor.Tools.Server;

/// <summary>
/// The exit codes of the program, part of its interface for scripts and supervisors.
/// </summary>
internal static class ExitCode
{
    /// <summary>Served and ended in order.</summary>
    public const int Ok = 0;

    /// <summary>Standard output could not be written, for example the help.</summary>
    public const int CannotWrite = 1;

    /// <summary>Wrong usage.</summary>
    public const int Usage = 2;

    /// <summary>A listener could not be opened.</summary>
    public const int CannotListen = 3;

    /// <summary>A listener failed at run time.</summary>
    public const int ListenerFailed = 4;

    /// <summary>The descriptor limit is too low.</summary>
    public const int TooFewDescriptors = 5;

    /// <summary>The process did not end in time after a signal.</summary>
    public const int EndTimeout = 6;
}

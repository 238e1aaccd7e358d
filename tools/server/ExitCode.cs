namespace Reactor.Tools.Server;

/// <summary>
/// The exit codes of the binary, which are part of its interface for scripts and supervisors.
/// </summary>
internal static class ExitCode
{
    /// <summary>It served and ended in order.</summary>
    public const int Ok = 0;

    /// <summary>Standard output does not take what was asked for, such as the help.</summary>
    public const int CannotWrite = 1;

    /// <summary>Wrong usage.</summary>
    public const int Usage = 2;

    /// <summary>A listener cannot be opened.</summary>
    public const int CannotListen = 3;

    /// <summary>A listener failed while it served.</summary>
    public const int ListenerFailed = 4;

    /// <summary>The process may not have enough descriptors.</summary>
    public const int TooFewDescriptors = 5;

    /// <summary>It was asked to end and did not in time.</summary>
    public const int EndTimeout = 6;
}

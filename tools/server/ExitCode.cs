namespace Reactor.Tools.Server;

/// <summary>The exit codes of the binary: an interface for scripts and supervisors.</summary>
internal static class ExitCode
{
    /// <summary>The server has shut down.</summary>
    public const int Ok = 0;

    /// <summary>Standard output cannot be written, for example for the help.</summary>
    public const int CannotWrite = 1;

    /// <summary>The command line is wrong.</summary>
    public const int Usage = 2;

    /// <summary>A listener could not be opened.</summary>
    public const int CannotListen = 3;

    /// <summary>A listener failed.</summary>
    public const int ListenerFailed = 4;

    /// <summary>The limit of descriptors is too low.</summary>
    public const int TooFewDescriptors = 5;

    /// <summary>The server did not end in time.</summary>
    public const int EndTimeout = 6;

    /// <summary>The replay of a recording differs from it.</summary>
    public const int ReplayDiffers = 7;

    /// <summary>The replay matches until the recording is damaged or incomplete.</summary>
    public const int RecordingDamaged = 8;
}

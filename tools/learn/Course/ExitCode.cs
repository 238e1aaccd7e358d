namespace Reactor.Learn;

/// <summary>
/// The exit codes of the program. Scripts depend on them, so a number never changes its meaning.
/// </summary>
internal static class ExitCode
{
    /// <summary>Done; for a check: all is right.</summary>
    public const int Ok = 0;

    /// <summary>A check found something wrong.</summary>
    public const int Wrong = 1;

    /// <summary>The command line is wrong, or names no lesson.</summary>
    public const int Usage = 2;

    /// <summary>A file of the course cannot be read or written, or is not as it must be.</summary>
    public const int Broken = 3;
}

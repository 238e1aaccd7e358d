namespace Reactor.Tools.Loadgen;

/// <summary>
/// The exit codes. They are part of the interface, see docs/loadgen.md; 105 for an interruption
/// is k6's.
/// </summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Internal = 1;
    public const int Usage = 2;
    public const int Unreachable = 3;
    public const int Interrupted = 105;
}

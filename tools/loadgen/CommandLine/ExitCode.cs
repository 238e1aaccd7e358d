namespace Reactor.Tools.Loadgen;

/// <summary>
/// The exit codes. They are part of the interface, see docs/loadgen.md; 99 for a crossed threshold
/// and 105 for an interruption are k6's.
/// </summary>
internal static class ExitCode
{
    public const int Ok = 0;
    public const int Internal = 1;
    public const int Usage = 2;
    public const int Unreachable = 3;
    public const int Invalid = 4;
    public const int ThresholdCrossed = 99;
    public const int Interrupted = 105;

    /// <summary>
    /// The code of a run. If several apply, the one that explains the others: a run interrupted
    /// before its window says nothing of the server, without a server no threshold means anything,
    /// and a threshold is what the user asked for by name.
    /// </summary>
    public static int Of(LoadResult result, Judgement judgement, bool isStrict) =>
        judgement.InternalError is not null ? Internal
        : result.IsInterrupted && result.Measured.Scheduled == 0 ? Interrupted
        : !result.HasSuccess || judgement.WentAwayAt is not null ? Unreachable
        : judgement.IsThresholdCrossed ? ThresholdCrossed
        : isStrict && judgement.Verdict != Verdict.Valid ? Invalid
        : result.IsInterrupted ? Interrupted
        : Ok;
}

using System.Diagnostics;

namespace Reactor.Learn;

/// <summary>
/// Runs the scenarios of a compiled answer in a child. If the child dies or a run does not end, the
/// outcome stays with that scenario, and the rest is run in a new child, until the time is over.
/// One thread.
/// </summary>
internal sealed class AnswerRunner(CompiledCode code, RunLimits limits)
{
    private readonly RunRecord _record = new();

    private bool _hasThreadLeft;

    /// <summary>Runs all.</summary>
    /// <param name="first">A child that has been started and has no work yet; null if none.</param>
    public AnswerResult Run(JudgeChild? first = null)
    {
        long start = Stopwatch.GetTimestamp();
        JudgeChild? child = first;
        while (!_record.IsComplete)
        {
            TimeSpan left = limits.Answer - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
            {
                break;
            }

            using (child ??= JudgeChild.Start())
            {
                RunChild(child, left);
            }

            child = null;
        }

        child?.Dispose();
        return _record.ToResult(_hasThreadLeft);
    }

    private void RunChild(JudgeChild child, TimeSpan left)
    {
        bool isLate = false;
        using var watchdog = new Timer(
            _ =>
            {
                Volatile.Write(ref isLate, true);
                child.Kill();
            },
            null, left, Timeout.InfiniteTimeSpan);
        int from = _record.Next;
        child.Send(code, from, limits);
        while (child.Read() is { } message)
        {
            _record.Add(message);
            if (message.Done == true)
            {
                _hasThreadLeft |= !child.EndsByItself();
                return;
            }

            // A stuck thread or full memory would disturb the next scenario.
            if (message.End is Endings.Endless or Endings.OutOfMemory)
            {
                return;
            }
        }

        (string ending, string? detail) = Volatile.Read(ref isLate)
            ? (Endings.Endless, null) : child.Ending();
        _record.AddDeath(ending, detail, hasProgress: _record.Next > from);
    }
}

using Reactor.Drivers;

namespace Reactor.Testing;

/// <summary>
/// Stands between a loop and any other driver and notes each poll, with its deadline, and each read
/// of the clock by the thread that made it: what an observer must not change.
/// </summary>
/// <remarks>Loop thread only; other threads read the clock without a note.</remarks>
public sealed class CountingDriver(LoopDriver inner) : DelegatingLoopDriver(inner)
{
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private readonly List<string> _notes = [];

    /// <summary>What <see cref="IsPollCostly"/> says; null: what the driver says.</summary>
    public bool? IsCostly { get; init; }

    /// <summary>False notes that the clock was read but not the time, as of a real clock.</summary>
    public bool NotesTimes { get; init; } = true;

    /// <summary>The polls and reads, in order.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <inheritdoc/>
    public override bool IsPollCostly => IsCostly ?? base.IsPollCostly;

    /// <inheritdoc/>
    public override TimeSpan Now
    {
        get
        {
            TimeSpan now = base.Now;
            if (Environment.CurrentManagedThreadId == _thread)
            {
                _notes.Add(NotesTimes ? $"now {now.Ticks}" : "now");
            }

            return now;
        }
    }

    /// <inheritdoc/>
    public override void Poll(TimeSpan? deadline)
    {
        _notes.Add(
            deadline is null ? "poll"
            : NotesTimes || deadline == TimeSpan.Zero ? $"poll {deadline.Value.Ticks}"
            : "poll until");
        base.Poll(deadline);
    }
}

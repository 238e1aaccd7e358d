using System.Runtime.CompilerServices;

namespace Reactor.Http;

/// <summary>What a connection can be late with.</summary>
internal enum DeadlineKind
{
    /// <summary>
    /// What the connection waits for in its state: the first byte, the head, the handler, the next
    /// request, the end of a lingering close.
    /// </summary>
    Phase,

    /// <summary>The body of the request.</summary>
    Body,

    /// <summary>The peer's acknowledgement of what was sent.</summary>
    Send,
}

/// <summary>The deadlines of one connection, one of each kind, on one timer.</summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// The timer is armed for the earliest deadline. A deadline that moves later costs writes to fields
/// only; the timer queue is touched where the earliest one moves earlier.
/// <see cref="TimeSpan.MaxValue"/>, the end of the clock, means that a deadline is not set.
/// </para>
/// </remarks>
internal abstract class Deadlines : DeadlineTimer
{
    private DueTimes _due;

    protected Deadlines(EventLoop loop)
        : base(loop) => ((Span<TimeSpan>)_due).Fill(TimeSpan.MaxValue);

    /// <summary>Sets a deadline, instead of the one before.</summary>
    public void SetDeadline(DeadlineKind kind, TimeSpan when)
    {
        _due[(int)kind] = when;
        Follow();
    }

    public void ClearDeadline(DeadlineKind kind)
    {
        if (_due[(int)kind] != TimeSpan.MaxValue)
        {
            SetDeadline(kind, TimeSpan.MaxValue);
        }
    }

    /// <summary>When a deadline falls due.</summary>
    public TimeSpan DueOf(DeadlineKind kind) => _due[(int)kind];

    protected override void OnDue(TimeSpan due)
    {
        for (DeadlineKind kind = DeadlineKind.Phase; kind <= DeadlineKind.Send; kind++)
        {
            if (_due[(int)kind] <= due)
            {
                _due[(int)kind] = TimeSpan.MaxValue;
                OnLate(kind, due);
            }
        }

        if (!IsOver)
        {
            Follow();
        }
    }

    /// <summary>True if no further deadline counts.</summary>
    protected abstract bool IsOver { get; }

    /// <summary>A deadline has passed, and is cleared.</summary>
    /// <param name="kind">Which one.</param>
    /// <param name="due">The moment by which it has passed.</param>
    protected abstract void OnLate(DeadlineKind kind, TimeSpan due);

    private void Follow()
    {
        TimeSpan earliest = TimeSpan.MaxValue;
        foreach (TimeSpan due in _due)
        {
            earliest = due < earliest ? due : earliest;
        }

        if (earliest == TimeSpan.MaxValue)
        {
            Clear();
        }
        else
        {
            Set(earliest);
        }
    }

    /// <summary>A deadline for each <see cref="DeadlineKind"/>.</summary>
    [InlineArray((int)DeadlineKind.Send + 1)]
    private struct DueTimes
    {
        private TimeSpan _first;
    }
}

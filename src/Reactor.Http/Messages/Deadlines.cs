using System.Runtime.CompilerServices;

namespace Reactor.Http;

/// <summary>What a connection can be late with.</summary>
internal enum DeadlineKind
{
    /// <summary>
    /// What the state waits for: the first byte, the head, the handler, the next request, the end
    /// of lingering. There is one at a time.
    /// </summary>
    Phase,

    /// <summary>The body of the request.</summary>
    Body,

    /// <summary>The peer's acknowledgement of what was sent.</summary>
    Send,
}

/// <summary>The deadlines of one connection, one of each kind, on one timer.</summary>
/// <remarks>
/// Loop thread only. The timer is armed for the earliest deadline; one that moves later only writes
/// fields. <see cref="TimeSpan.MaxValue"/> means that a deadline is not set.
/// </remarks>
internal abstract class Deadlines : DeadlineTimer
{
    private DueTimes _due;

    protected Deadlines(EventLoop loop)
        : base(loop) => ((Span<TimeSpan>)_due).Fill(TimeSpan.MaxValue);

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

        Follow();
    }

    /// <summary>A deadline, now cleared, has passed by the moment <paramref name="due"/>.</summary>
    protected abstract void OnLate(DeadlineKind kind, TimeSpan due);

    /// <summary>Clears all deadlines and leaves the timer queue.</summary>
    protected void EndDeadlines()
    {
        ((Span<TimeSpan>)_due).Fill(TimeSpan.MaxValue);
        Disarm();
    }

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

    [InlineArray((int)DeadlineKind.Send + 1)]
    private struct DueTimes
    {
        private TimeSpan _first;
    }
}

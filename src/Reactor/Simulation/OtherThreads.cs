using System.Diagnostics.CodeAnalysis;

namespace Reactor.Simulation;

/// <summary>
/// What other threads bring to a loop in virtual time: wake-ups, and the jobs that executors have
/// done. Jobs come back in the order in which they were sent, each when nothing else is left to do
/// at its moment: the speed of threads is no part of a run.
/// </summary>
/// <remarks>
/// Loop thread only, except <see cref="Wake"/>, <see cref="BringBack"/> and
/// <see cref="NoteWorkElsewhere"/>.
/// </remarks>
internal sealed class OtherThreads(InMemoryOptions options) : IDisposable
{
    /// <summary>
    /// Turns with other work after which a job comes back nevertheless: a task may poll for it.
    /// </summary>
    private const int TurnsMax = 10_000;

    /// <summary>
    /// Real time for which later jobs, or other work, wait for a job. It may itself wait for what
    /// the loop does after a later one.
    /// </summary>
    private static readonly TimeSpan s_orderMax = TimeSpan.FromSeconds(1);

    private readonly ManualResetEventSlim _signal = new();
    private readonly LinkedList<LoopWork> _sent = new();
    private readonly LinkedList<LoopWork> _late = new(); // waited for in vain, so in no order
    private readonly Lock _lock = new();
    private readonly Dictionary<LoopWork, CoroutineScheduler> _back = [];
    private bool _isWoken;
    private int _workElsewhere;
    private int _turns;

    /// <summary>True after a wake-up, until the end of the poll.</summary>
    public bool IsWoken => Volatile.Read(ref _isWoken);

    /// <summary>Work on other threads whose results have not arrived.</summary>
    public int WorkElsewhere => Volatile.Read(ref _workElsewhere);

    /// <summary>
    /// True once work took so long that the clock, or later work, went on without it.
    /// </summary>
    public bool HasPassedWork { get; private set; }

    /// <summary>
    /// Whether other work waits for a wake-up by a thread, which is under way, for as long as for
    /// work elsewhere. Null once that was in vain.
    /// </summary>
    public Func<bool>? IsAwaited { get; set; }

    public void Wake()
    {
        Volatile.Write(ref _isWoken, true);
        _signal.Set();
    }

    public void NoteWorkElsewhere(int change) => Interlocked.Add(ref _workElsewhere, change);

    public void OnJobSent(LoopWork job) => _sent.AddLast(job);

    public void OnJobGivenUp(LoopWork job)
    {
        _sent.Remove(job);
        _late.Remove(job);
    }

    /// <summary>A thread has done a job, perhaps before it is noted as sent.</summary>
    public void BringBack(LoopWork job, CoroutineScheduler loop)
    {
        lock (_lock)
        {
            _back.Add(job, loop);
        }

        _signal.Set();
    }

    /// <summary>
    /// Ends a poll. Before the loop reads its mailbox, so that later posts wake it again.
    /// </summary>
    public void EndPoll() => Interlocked.Exchange(ref _isWoken, false);

    /// <summary>
    /// Notes a turn with other work; after too many of them a job comes back, or is late.
    /// </summary>
    public void PassBy()
    {
        if (_sent.Count + _late.Count == 0 || ++_turns <= TurnsMax)
        {
            return;
        }

        _turns = 0;
        if (!TryPostJob() && _sent.Count > 0)
        {
            Receive(s_orderMax);
        }
    }

    /// <summary>
    /// Posts the next job, or waits for it or a wake-up. False if there is nothing to wait for, or
    /// the time is up.
    /// </summary>
    /// <param name="isStuck">True to wait also without work elsewhere.</param>
    public bool TryReceive(bool isStuck) => TryPostJob() || IsWoken
        || ((WorkElsewhere > 0 || isStuck) && Receive(Timeout.InfiniteTimeSpan))
        || ReceiveAwaited();

    public void Dispose() => _signal.Dispose();

    private bool Receive(TimeSpan max)
    {
        while (_signal.Wait(Shorter(max, WaitMax())))
        {
            _signal.Reset(); // it may be old, so what it stands for is looked at again
            if (TryPostJob() || IsWoken)
            {
                return true;
            }
        }

        HasPassedWork |= WorkElsewhere > 0;
        PassOver();
        return TryPostJob();
    }

    private bool ReceiveAwaited()
    {
        if (IsAwaited?.Invoke() != true)
        {
            return false;
        }

        while (_signal.Wait(options.WorkElsewhereMax))
        {
            _signal.Reset();
            if (TryPostJob() || IsWoken)
            {
                return true;
            }
        }

        IsAwaited = null;
        return false;
    }

    /// <summary>
    /// Takes the jobs in front of the first that is back out of the order: nothing waits for them
    /// a second time.
    /// </summary>
    private void PassOver()
    {
        lock (_lock)
        {
            while (_sent.First is { } first && !_back.ContainsKey(first.Value))
            {
                _sent.RemoveFirst();
                _late.AddLast(first);
            }
        }
    }

    private TimeSpan WaitMax()
    {
        if (WorkElsewhere == 0)
        {
            return options.StallMax;
        }

        bool isOutOfOrder;
        lock (_lock)
        {
            isOutOfOrder = _back.Count > 0;
        }

        return isOutOfOrder
            ? Shorter(s_orderMax, options.WorkElsewhereMax)
            : options.WorkElsewhereMax;
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) =>
        TimeLimit.IsInfinite(a) || (!TimeLimit.IsInfinite(b) && b < a) ? b : a;

    private bool TryPostJob() => (_late.Count > 0 && _late.Any(TryPost))
        || (_sent.First is { } first && TryPost(first.Value));

    private bool TryPost(LoopWork job)
    {
        if (!TryTake(job, out CoroutineScheduler? loop))
        {
            return false;
        }

        OnJobGivenUp(job);
        _turns = 0;
        loop.PostMessage(job);
        return true;
    }

    private bool TryTake(LoopWork job, [NotNullWhen(true)] out CoroutineScheduler? loop)
    {
        lock (_lock)
        {
            return _back.Remove(job, out loop);
        }
    }
}

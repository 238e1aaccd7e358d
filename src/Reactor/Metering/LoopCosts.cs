using Reactor.Drivers;

namespace Reactor;

/// <summary>
/// Charges the time of the loop thread to the accounts of the tasks that it runs. The end of one
/// work is the begin of the next, so a work costs one reading of the clock; what a turn itself
/// takes, without the wait of its poll, is charged to its first work. So the sum of all works is
/// the active time of the loop.
/// </summary>
/// <remarks>
/// <para>Loop thread only, except <see cref="TotalTicks"/>.</para>
/// <para>
/// Where the program itself asks for the times, and may act on them, the readings are of the loop's
/// clock and in its recording. Those for an observer, such as the listener of a metric, are not:
/// observation reads no clock of the loop's.
/// </para>
/// </remarks>
internal sealed class LoopCosts(CoroutineScheduler scheduler, LoopDriver driver, LoopMeter meter)
{
    private int _observers;
    private int _askers;
    private long _mark;
    private long _idle;
    private long _total;
    private bool _isStale;
    private LoopAccount? _flow;

    /// <summary>True while anything is charged.</summary>
    public bool IsOn => _observers + _askers > 0;

    /// <summary>The end of the last work, or of the poll after it; on the loop's clock.</summary>
    public TimeSpan Mark => new(_mark);

    /// <summary>All that was charged or could have been. Any thread.</summary>
    public long TotalTicks => Volatile.Read(ref _total);

    /// <summary>Begins to measure; once for each <see cref="End"/>.</summary>
    /// <param name="isProgram">True if the program asks, false for an observer.</param>
    public void Begin(bool isProgram)
    {
        bool wasOn = IsOn;
        bool isMarked = isProgram ? _askers > 0 : wasOn;
        _ = isProgram ? _askers++ : _observers++;
        if (isMarked)
        {
            return;
        }

        if (wasOn)
        {
            Take(); // an observer came first: the program reads its clock as without it
            return;
        }

        _isStale = false;
        _idle = meter.IdleTicks;
        _mark = ReadTicks();
    }

    /// <summary>Undoes a <see cref="Begin"/>.</summary>
    public void End(bool isProgram) => _ = isProgram ? _askers-- : _observers--;

    /// <summary>The time between two runs is not charged.</summary>
    public void BeginRun() => _isStale = true;

    public void BeginBatch()
    {
        if (!IsOn)
        {
            return;
        }

        long idle = meter.IdleTicks;
        _mark = _isStale ? ReadTicks() : _mark + (idle - _idle);
        _idle = idle;
        _isStale = false;
    }

    public void EndWork(LoopWork work)
    {
        if (!IsOn)
        {
            return;
        }

        long ticks = Take();
        if (work is Trampoline { Account: { } account } step)
        {
            account.Charge(ticks, step);
        }
        else
        {
            _flow?.Charge(ticks, null);
        }

        _flow = null;
    }

    /// <summary>The present work, a callback, continues a method that has an account.</summary>
    public void NoteFlow(LoopAccount account) => _flow = account;

    /// <summary>The ticks since the mark, which moves to now.</summary>
    /// <param name="isForProgram">False if only an observer has this reading made.</param>
    public long Take(bool isForProgram = true)
    {
        long now = isForProgram ? ReadTicks() : driver.ObservedNow.Ticks;
        long ticks = Math.Max(0, now - _mark);
        _mark = now;
        Volatile.Write(ref _total, _total + ticks);
        return ticks;
    }

    /// <summary>The clock that the charges are of.</summary>
    public TimeSpan Read() => _askers > 0 ? driver.Now : driver.ObservedNow;

    /// <summary>The ticks of the present work until a moment, if the account pays.</summary>
    public long RunningTicks(LoopAccount account, TimeSpan now) =>
        scheduler.RunningStep is Trampoline step && ReferenceEquals(step.Account, account)
            ? Math.Max(0, now.Ticks - _mark)
            : 0;

    /// <summary>A task was made: it inherits the account of its creator.</summary>
    public void OnTaskStarted(TaskStep step)
    {
        LoopAccount? account =
            scheduler.RunningStep is Trampoline creator ? creator.Account : _flow;
        if (account is not null)
        {
            account.IsShared = true;
            ((Trampoline)step).Account = account;
        }
    }

    private long ReadTicks() => Read().Ticks;
}

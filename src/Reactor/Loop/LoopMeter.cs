using Reactor.Drivers;

namespace Reactor;

/// <summary>
/// The counters of a loop: its turns, the time of its runs and polls, and the lateness of timers.
/// The loop thread writes; any thread reads.
/// </summary>
internal sealed class LoopMeter(string name, LoopDriver driver, TaskRegistry tasks)
{
    private ClockSum _running;
    private ClockSum _idle;
    private long _turns;

    public string Name => name;

    public TimeSpan Now => driver.Now;

    public int TaskCount => tasks.Count;

    public LagHistogram Lag { get; } = new();

    public long Turns => Volatile.Read(ref _turns);

    /// <summary>True while a turn runs: a callback must not start another.</summary>
    public bool IsInTurn { get; private set; }

    /// <summary>True during a poll that may wait.</summary>
    public bool IsWaiting => _idle.IsOpen;

    public void BeginRun() => _running.Begin(Now.Ticks);

    public void EndRun() => _running.End(Now.Ticks);

    public void BeginTurn()
    {
        Volatile.Write(ref _turns, _turns + 1);
        IsInTurn = true;
    }

    public void EndTurn() => IsInTurn = false;

    public void BeginWait(TimeSpan now) => _idle.Begin(now.Ticks);

    public void EndWait(TimeSpan now) => _idle.End(now.Ticks);

    /// <summary>The idle time outside a wait, without a reading of the clock.</summary>
    public long IdleTicks => _idle.At(0);

    public LoopLag ReadLag() => Lag.Read(Now.Ticks);

    public EventLoopUtilization Utilization()
    {
        long now = Now.Ticks;
        long running = _running.At(now);
        // The wait may have begun after the clock was read; it cannot be longer than the run.
        long idle = Math.Min(_idle.At(now), running);
        return new EventLoopUtilization(
            Active: new TimeSpan(running - idle), Idle: new TimeSpan(idle));
    }

    /// <summary>
    /// A sum of intervals that other threads read without a lock: a single word holds it or, while
    /// an interval is open, the complement of the time outside all intervals.
    /// </summary>
    private struct ClockSum
    {
        private long _word;

        public void Begin(long now) => Volatile.Write(ref _word, ~(now - _word));

        public void End(long now) => Volatile.Write(ref _word, now - ~_word);

        public readonly bool IsOpen => Volatile.Read(in _word) < 0;

        public long At(long now)
        {
            long word = Volatile.Read(ref _word);
            return word >= 0 ? word : now - ~word;
        }
    }
}

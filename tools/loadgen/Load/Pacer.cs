// Releases the requests of an open loop at their instants.
//
// Each request has its own instant, from a closed form, so no delay accumulates: a pacer that runs
// late releases every request that is due, each with its own scheduled time.
//
// A timer of the kernel is late, by 50 us on bare metal and by several times that in a virtual
// machine, so a loop that should be exact wakes before the instant and polls without a wait until
// then. How long before follows the lateness of the wake-ups so far. The timer is armed for now
// instead of being posted: then the loop polls in each turn, and responses are not delayed.
namespace Reactor.Tools.Loadgen;

/// <summary>The pacer of one worker. Loop thread only.</summary>
internal sealed class Pacer : DeadlineTimer
{
    private static readonly TimeSpan s_leadMin = TimeSpan.FromMicroseconds(50);

    /// <summary>A quarter of a core at 1,000 requests a second.</summary>
    private static readonly TimeSpan s_leadMax = TimeSpan.FromMicroseconds(250);

    /// <summary>
    /// A turn without work is shorter: in a longer one the thread did not run, and did not spin.
    /// </summary>
    private static readonly TimeSpan s_turnMax = TimeSpan.FromMicroseconds(20);

    private readonly Worker _worker;
    private readonly IdleConnections _idle;
    private readonly ArrivalSequence _arrivals;
    private readonly IdleMode _mode;
    private readonly TimeSpan _begin;
    private readonly TimeSpan _end;
    private readonly long _numberEnd;
    private TimeSpan _lead = s_leadMin;
    private TimeSpan _spunAt;
    private int _spunActivity;

    /// <summary>Makes the pacer of a worker.</summary>
    /// <param name="worker">The worker.</param>
    /// <param name="schedule">The schedule.</param>
    /// <param name="idle">Takes the requests.</param>
    public Pacer(Worker worker, Schedule schedule, IdleConnections idle)
        : base(worker.Loop)
    {
        LoadPlan plan = worker.Plan;
        _worker = worker;
        _idle = idle;
        _arrivals = new ArrivalSequence(schedule, worker.Number, plan.Threads);
        _mode = plan.Idle;
        _begin = worker.Begin;
        _end = worker.Begin + plan.WarmUp + plan.Duration;
        _numberEnd = plan.Count is { } count
            ? FirstMeasured(schedule, plan.WarmUp) + count
            : long.MaxValue;
    }

    /// <summary>Time spent polling for the next instant without anything to do.</summary>
    public TimeSpan SpinTime { get; private set; }

    private bool HasNext => _arrivals.HasNext && _arrivals.Number < _numberEnd;

    private TimeSpan Next => _begin + _arrivals.Next;

    /// <summary>Begins.</summary>
    public void Start() => Wait(_worker.Now);

    /// <summary>Releases what is due until now and ends.</summary>
    public void Stop()
    {
        ReleaseDue(_worker.Now);
        Disarm();
    }

    /// <inheritdoc/>
    protected override void OnDue(TimeSpan due)
    {
        TimeSpan now = _worker.Now;
        if (_spunAt == TimeSpan.Zero)
        {
            FollowLateness(now - due);
        }

        if (HasNext && Next <= now)
        {
            ReleaseDue(now);
            now = _worker.Now;
            _spunAt = default;
        }
        else if (_spunAt > TimeSpan.Zero && _spunActivity == _worker.Activity)
        {
            SpinTime += now - _spunAt < s_turnMax ? now - _spunAt : s_turnMax;
        }

        Wait(now);
    }

    /// <summary>
    /// Moves the lead: the steps are in balance when one wake-up in 65 is later than it.
    /// </summary>
    private void FollowLateness(TimeSpan late)
    {
        TimeSpan lead = late > _lead ? _lead + (_lead / 4) : _lead - (_lead / 256);
        _lead = lead < s_leadMin ? s_leadMin : lead > s_leadMax ? s_leadMax : lead;
    }

    private void ReleaseDue(TimeSpan now)
    {
        while (HasNext && Next is var next && next <= now && next < _end)
        {
            _idle.Release(new Ticket { Scheduled = next, Released = now });
            _arrivals.Advance();
        }

        _idle.SendAll();
        if (_arrivals.Number >= _numberEnd)
        {
            _worker.OnCountReached();
        }
    }

    private void Wait(TimeSpan now)
    {
        if (!HasNext || Next >= _end)
        {
            return;
        }

        TimeSpan wake = _mode switch
        {
            IdleMode.Spin => now,
            IdleMode.Hybrid => Next - _lead,
            _ => Next,
        };
        bool spins = wake <= now && _mode != IdleMode.Sleep;
        (_spunAt, _spunActivity) = (spins ? now : default, _worker.Activity);
        Set(spins ? now : wake);
    }

    private static long FirstMeasured(Schedule schedule, TimeSpan warmUp)
    {
        var all = new ArrivalSequence(schedule, 0, 1);
        while (all.HasNext && all.Next < warmUp)
        {
            all.Advance();
        }

        return all.Number;
    }
}

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The instants of one worker's share of a schedule, in order: of k workers, worker i takes the
/// requests i, i + k, i + 2k … So a request has the same number and instant for any number of
/// workers. One thread at a time; allocates nothing after its construction.
/// </summary>
internal sealed class ArrivalSequence
{
    private readonly Schedule _schedule;
    private readonly int _workers;
    private SplitMix64 _random;
    private double _sum;

    /// <summary>Makes the sequence of a worker.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="worker">The number of the worker, from 0.</param>
    /// <param name="workers">The number of workers.</param>
    public ArrivalSequence(Schedule schedule, int worker, int workers)
    {
        _schedule = schedule;
        _workers = workers;
        _random = new SplitMix64(schedule.Seed);
        _sum = schedule.Arrivals == ArrivalKind.Poisson ? _random.NextExponential() : 0;
        Skip(worker);
        Settle();
    }

    /// <summary>False when the schedule has ended.</summary>
    public bool HasNext { get; private set; }

    /// <summary>The number of the next request in the whole schedule, from 0.</summary>
    public long Number { get; private set; }

    /// <summary>The instant of the next request, from the begin of the schedule.</summary>
    public TimeSpan Next { get; private set; }

    /// <summary>Moves to the worker's next request.</summary>
    public void Advance()
    {
        Skip(_workers);
        Settle();
    }

    private void Skip(int requests)
    {
        Number += requests;
        for (int i = 0; _schedule.Arrivals == ArrivalKind.Poisson && i < requests; i++)
        {
            _sum += _random.NextExponential();
        }
    }

    private void Settle()
    {
        double count = _schedule.Arrivals == ArrivalKind.Poisson
            ? _sum
            : Number - (Number % _schedule.Burst);
        HasNext = count < _schedule.Total;
        Next = HasNext ? _schedule.InstantOf(count) : TimeSpan.MaxValue;
    }
}

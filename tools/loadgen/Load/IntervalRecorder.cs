namespace Reactor.Tools.Loadgen;

/// <summary>
/// The intervals of the window while it is measured. A request belongs to the interval of its
/// scheduled time, whenever its response arrives. Loop thread only.
/// </summary>
internal sealed class IntervalRecorder
{
    /// <summary>
    /// Intervals that are made beforehand, so that nothing is allocated in a window of so many.
    /// </summary>
    private const int PreparedMax = 64;

    private readonly List<Open> _all = [];
    private readonly TimeSpan _start;
    private readonly TimeSpan _length;
    private readonly bool _isOpenLoop;
    private Open _current;

    /// <summary>Makes the intervals of a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="start">The start of the window on the loop's clock.</param>
    public IntervalRecorder(LoadPlan plan, TimeSpan start)
    {
        _start = start;
        _length = plan.Interval;
        _isOpenLoop = plan.Schedule is not null;
        double count = plan.Duration / plan.Interval;
        Prepare(Math.Max(0, (int)Math.Min(Math.Ceiling(count), PreparedMax) - 1));
        _current = _all[0];
    }

    /// <summary>The interval of an instant, which must be in the window or after it.</summary>
    public Open At(TimeSpan instant) =>
        (ulong)(instant - _current.Start).Ticks < (ulong)_length.Ticks
            ? _current
            : Find(instant);

    /// <summary>The intervals that began before the end of the window.</summary>
    /// <param name="elapsed">The actual length of the window.</param>
    public IReadOnlyList<Interval> Close(TimeSpan elapsed) =>
        [.. _all.Where(one => one.Start - _start < elapsed || one.Scheduled > 0)
            .Select(one => one.Close(_start, _length, elapsed))];

    private Open Find(TimeSpan instant)
    {
        int number = (int)((instant - _start).Ticks / _length.Ticks);
        Prepare(number);
        return _current = _all[number];
    }

    private void Prepare(int number)
    {
        while (_all.Count <= number)
        {
            _all.Add(new Open(_start + (_length * _all.Count), _isOpenLoop));
        }
    }

    /// <summary>One interval. In a closed loop both times are the same and counted once.</summary>
    internal sealed class Open(TimeSpan start, bool isOpenLoop)
    {
        private readonly Histogram? _response = isOpenLoop ? new Histogram() : null;

        public TimeSpan Start => start;

        public long Scheduled { get; set; }

        public long Failed { get; set; }

        public long Arrived { get; set; }

        public Histogram Service { get; } = new();

        public void Record(long responseNs, long serviceNs)
        {
            Service.Record(serviceNs);
            _response?.Record(responseNs);
        }

        public Interval Close(TimeSpan windowStart, TimeSpan length, TimeSpan elapsed) => new()
        {
            Start = start - windowStart,
            Length = elapsed - (start - windowStart) is var left
                && left > TimeSpan.Zero && left < length ? left : length,
            Scheduled = Scheduled,
            Failed = Failed,
            Arrived = Arrived,
            Response = _response ?? Service,
            Service = Service,
        };
    }
}

// What happened in each interval of a window, in some kilobytes for each, whatever the rate.
//
// A sample belongs to the interval of its scheduled instant, but arrives later. The newest OpenMax
// intervals have a pair of histograms each; when a sample begins a newer interval, the oldest open
// one is encoded into the arena and its histograms are used again. A sample for a closed interval
// waits in a list; when that is full, its samples are encoded as further blocks of their intervals.
// So no sample is lost, and a server that answers many intervals late costs no histogram for each
// sample.
//
// A normal run allocates nothing: the arena and the counters grow (by doubling) only beyond what
// the constructor foresaw.
//
// Invariant: the sum of all intervals is everything recorded. One thread at a time; pure.
using System.Diagnostics;

namespace Reactor.Tools.Loadgen;

/// <summary>Records the samples of one worker by interval.</summary>
internal sealed class IntervalLog
{
    /// <summary>
    /// Intervals open at a time: a response within the default timeout of 2 s falls into one of the
    /// last three default intervals of 1 s; one more for a queue. Each costs 522 KiB.
    /// </summary>
    public const int OpenMax = 4;

    /// <summary>
    /// Samples that wait for their closed intervals: 192 KiB. The cost of encoding, about 30 us
    /// for each interval among them, is thus shared by many.
    /// </summary>
    public const int LateMax = 8192;

    // Foreseen for an interval: two histograms with 8,000 used counters each, far more than usual.
    private const int ForeseenBytes = 32 * 1024;

    // Longer runs grow: 1,024 intervals of a second are 17 minutes, with 8 KiB for each.
    private const int ForeseenMax = 1024;
    private const int ForeseenBytesMax = 8 * 1024 * 1024;

    private readonly TimeSpan _interval;
    private readonly int _last;
    private readonly Pair[] _open = new Pair[OpenMax];
    private readonly Pair _scratch = new();
    private readonly Sample[] _late = new Sample[LateMax];
    private readonly List<Block> _blocks;
    private readonly byte[] _encoded = new byte[HistogramCodec.EncodedBytesMax];
    private Counters[] _counters;
    private byte[] _arena;
    private int _arenaUsed;
    private int _lateCount;
    private int _newest = OpenMax - 1;
    private int _found;
    private long _foundBegin;

    /// <param name="interval">The length of an interval, above 0.</param>
    /// <param name="window">The planned length of the window, above 0.</param>
    public IntervalLog(TimeSpan interval, TimeSpan window)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(window, TimeSpan.Zero);
        _interval = interval;
        _last = (int)Math.Min(int.MaxValue / 2, (window.Ticks - 1) / interval.Ticks);
        int foreseen = Math.Min(_last + 1, ForeseenMax);
        _counters = new Counters[foreseen];
        _blocks = new List<Block>(2 * foreseen);
        // Untouched pages cost nothing, so a run of one request starts at once.
        _arena = GC.AllocateUninitializedArray<byte>(
            Math.Min(foreseen * ForeseenBytes, ForeseenBytesMax));
        for (int i = 0; i < OpenMax; i++)
        {
            _open[i] = new Pair();
        }
    }

    /// <summary>Counts a request scheduled at an instant of the window.</summary>
    public void Schedule(TimeSpan at) => CountersOf(IndexOf(at)).Scheduled++;

    /// <summary>Counts a request scheduled at an instant of the window that failed.</summary>
    public void Fail(TimeSpan at) => CountersOf(IndexOf(at)).Failed++;

    /// <summary>Counts a response of any phase that arrived at an instant of the window.</summary>
    public void Arrive(TimeSpan at) => CountersOf(IndexOf(at)).Arrived++;

    /// <summary>Records the times of a complete response.</summary>
    /// <param name="scheduled">Its scheduled instant, from the start of the window.</param>
    /// <param name="response">Nanoseconds from there to the last byte.</param>
    /// <param name="service">Nanoseconds from the send to the last byte.</param>
    public void Record(TimeSpan scheduled, long response, long service)
    {
        int index = IndexOf(scheduled);
        if (index > _newest)
        {
            Advance(index);
        }

        if (index > _newest - OpenMax)
        {
            _open[index % OpenMax].Record(response, service);
            return;
        }

        _late[_lateCount++] = new Sample(index, response, service);
        if (_lateCount == LateMax)
        {
            CloseLate();
        }
    }

    /// <summary>
    /// The intervals of a window from the logs of all workers, which must have the same interval.
    /// </summary>
    /// <param name="logs">At least one.</param>
    /// <param name="elapsed">The actual length of the window, above 0.</param>
    /// <returns>
    /// All intervals up to the end of the window, but not more than planned: a window closes a
    /// little late. What was recorded beyond is in the last.
    /// </returns>
    public static IReadOnlyList<Interval> Merge(
        IReadOnlyList<IntervalLog> logs, TimeSpan elapsed)
    {
        TimeSpan length = logs[0]._interval;
        long ended = ((Math.Max(elapsed.Ticks, 1) - 1) / length.Ticks) + 1;
        int count = (int)Math.Min(ended, logs.Max(log => log._last) + 1);
        var counters = new Counters[count];
        foreach (IntervalLog log in logs)
        {
            Debug.Assert(log._interval == length, "the workers of a run share its intervals");
            log.CloseAll();
            for (int i = 0; i < log._counters.Length; i++)
            {
                counters[Math.Min(i, count - 1)].Add(log._counters[i]);
            }
        }

        ILookup<int, (IntervalLog Log, Block Block)> blocks = logs
            .SelectMany(log => log._blocks, (log, block) => (Log: log, Block: block))
            .ToLookup(entry => Math.Min(entry.Block.Index, count - 1));
        var sum = new Pair();
        var one = new Histogram();
        return
        [
            .. Enumerable.Range(0, count).Select(i =>
            {
                sum.Clear();
                foreach ((IntervalLog log, Block block) in blocks[i])
                {
                    log.Decode(block, one);
                    (block.IsService ? sum.Service : sum.Response).Merge(one);
                    one.Clear();
                }

                return new Interval
                {
                    Start = i * length,
                    Length = i < count - 1 ? length : elapsed - (i * length),
                    Scheduled = counters[i].Scheduled,
                    Failed = counters[i].Failed,
                    Arrived = counters[i].Arrived,
                    Response = sum.Response,
                    Service = sum.Service,
                };
            }),
        ];
    }

    // The clock may stand a little before the window or behind its end. Mostly the interval is that
    // of the call before, which costs no division.
    private int IndexOf(TimeSpan at)
    {
        if ((ulong)(at.Ticks - _foundBegin) >= (ulong)_interval.Ticks)
        {
            _found = (int)Math.Clamp(at.Ticks / _interval.Ticks, 0, _last);
            _foundBegin = _found * _interval.Ticks;
        }

        return _found;
    }

    private ref Counters CountersOf(int index)
    {
        if (index >= _counters.Length)
        {
            Array.Resize(ref _counters, Math.Max(index + 1, 2 * _counters.Length));
        }

        return ref _counters[index];
    }

    private void Advance(int index)
    {
        int firstKept = index - OpenMax + 1;
        for (int i = _newest - OpenMax + 1; i <= Math.Min(_newest, firstKept - 1); i++)
        {
            Close(i, _open[i % OpenMax]);
        }

        _newest = index;
    }

    private void CloseLate()
    {
        Span<Sample> late = _late.AsSpan(0, _lateCount);
        late.Sort(static (one, other) => one.Index.CompareTo(other.Index));
        for (int i = 0; i < late.Length; i++)
        {
            _scratch.Record(late[i].Response, late[i].Service);
            if (i + 1 == late.Length || late[i + 1].Index != late[i].Index)
            {
                Close(late[i].Index, _scratch);
            }
        }

        _lateCount = 0;
    }

    private void Close(int index, Pair pair)
    {
        if (pair.Response.Count == 0)
        {
            return;
        }

        Encode(index, isService: false, pair.Response);
        Encode(index, isService: true, pair.Service);
    }

    private void Encode(int index, bool isService, Histogram histogram)
    {
        int length = HistogramCodec.Encode(histogram, _encoded);
        while (_arena.Length - _arenaUsed < length)
        {
            Array.Resize(ref _arena, 2 * _arena.Length);
        }

        _encoded.AsSpan(0, length).CopyTo(_arena.AsSpan(_arenaUsed));
        _blocks.Add(new Block(
            index, isService, _arenaUsed, length, histogram.Max, histogram.TooLow,
            histogram.TooHigh));
        _arenaUsed += length;
        histogram.Clear();
    }

    private void CloseAll()
    {
        for (int i = _newest - OpenMax + 1; i <= _newest; i++)
        {
            Close(i, _open[i % OpenMax]);
        }

        CloseLate();
    }

    private void Decode(Block block, Histogram target)
    {
        string? error = HistogramCodec.Decode(_arena.AsSpan(block.Offset, block.Length), target);
        bool isRestored = target.TryRestore(block.Max, block.TooLow, block.TooHigh);
        Debug.Assert(error is null && isRestored, "the arena holds what Encode wrote");
    }

    private sealed class Pair
    {
        public Histogram Response { get; } = new();

        public Histogram Service { get; } = new();

        public void Record(long response, long service)
        {
            Response.Record(response);
            Service.Record(service);
        }

        public void Clear()
        {
            Response.Clear();
            Service.Clear();
        }
    }

    private struct Counters
    {
        public long Scheduled;
        public long Failed;
        public long Arrived;

        public void Add(in Counters other)
        {
            Scheduled += other.Scheduled;
            Failed += other.Failed;
            Arrived += other.Arrived;
        }
    }

    private readonly record struct Sample(int Index, long Response, long Service);

    private readonly record struct Block(
        int Index, bool IsService, int Offset, int Length, long Max, long TooLow, long TooHigh);
}

using System.Buffers;

namespace Reactor.Recording;

/// <summary>
/// The last seconds of a trace in memory, encoded in blocks: bounded by their age and by their
/// bytes. What falls out of the window is reduced to the state in which the window begins, so that
/// a saved window states it first. One thread at a time: the trace's reader.
/// </summary>
internal sealed class TraceHistory
{
    /// <summary>The events of a block: a window is cut at the end of one.</summary>
    public const int BlockEvents = 4_096;

    private readonly Queue<(byte[] Bytes, long End)> _blocks = new();
    private readonly ArrayBufferWriter<byte> _encoded = new();
    private readonly List<TraceEvent> _open = [];
    private readonly List<TraceEvent> _decoded = [];
    private readonly long _span;
    private readonly long _bytesMax;
    private TraceState _before = new();

    /// <summary>Makes an empty history.</summary>
    /// <param name="span">Older events are forgotten.</param>
    /// <param name="bytesMax">The encoded events, at most; the open block is not counted.</param>
    public TraceHistory(TimeSpan span, long bytesMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(span, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegative(bytesMax);
        _span = (long)Math.Min(span.TotalNanoseconds, long.MaxValue);
        _bytesMax = bytesMax;
    }

    /// <summary>The bytes of the encoded blocks.</summary>
    public long Bytes { get; private set; }

    /// <summary>Adds events, and forgets what is too old or too much.</summary>
    public void Add(IEnumerable<TraceEvent> events)
    {
        foreach (TraceEvent happened in events)
        {
            _open.Add(happened);
            if (_open.Count == BlockEvents)
            {
                Close();
            }
        }
    }

    /// <summary>
    /// Appends the window: the state at its begin, stated as events, then every event in it.
    /// </summary>
    public void CopyTo(List<TraceEvent> target)
    {
        if (_before.Counters.Events > 0)
        {
            _before.Restate(target);
        }

        foreach ((byte[] bytes, _) in _blocks)
        {
            TraceCodec.Read(bytes, target);
        }

        target.AddRange(_open);
    }

    private void Close()
    {
        _encoded.ResetWrittenCount();
        TraceCodec.Write([.. _open], _encoded);
        long end = _open[^1].Time;
        _open.Clear();
        _blocks.Enqueue((_encoded.WrittenSpan.ToArray(), end));
        Bytes += _encoded.WrittenCount;
        while (_blocks.TryPeek(out (byte[] Bytes, long End) oldest)
            && (Bytes > _bytesMax || oldest.End < end - _span))
        {
            Forget(_blocks.Dequeue().Bytes);
        }
    }

    private void Forget(byte[] block)
    {
        Bytes -= block.Length;
        _decoded.Clear();
        TraceCodec.Read(block, _decoded);
        foreach (TraceEvent happened in _decoded)
        {
            _before = TraceState.Reduce(_before, happened);
        }
    }
}

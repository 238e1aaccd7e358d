namespace Reactor.Inspector;

/// <summary>The level of a slice of the loop's thread; a slice contains only deeper ones.</summary>
internal enum SliceLevel
{
    Turn,

    /// <summary>The poll or the batch.</summary>
    Phase,

    /// <summary>A callback or a step of a task.</summary>
    Work,
}

/// <summary>
/// The open slices of the loop's thread. Begins and ends that it writes are properly nested and
/// paired, and their times never go back, even where the trace lost events. One thread at a time.
/// </summary>
internal sealed class SliceStack(ChromeWriter writer, int process, long thread)
{
    private readonly Stack<SliceLevel> _open = new();
    private long _last = long.MinValue;

    public long Thread => thread;

    /// <summary>True within a slice, to which an arrow can bind.</summary>
    public bool IsOpen => _open.Count > 0;

    /// <summary>Begins a slice; those that cannot contain it end first.</summary>
    /// <remarks>The caller adds arguments and ends the event.</remarks>
    public void Begin(SliceLevel level, string name, string category, long time)
    {
        Advance(time);
        EndFrom(level);
        _open.Push(level);
        writer.Begin("B", name, category, process, thread, _last);
    }

    /// <summary>Ends a slice and those within it; one that is not open is ignored.</summary>
    public void End(SliceLevel level, long time)
    {
        Advance(time);
        if (_open.Contains(level))
        {
            EndFrom(level);
        }
    }

    /// <summary>Ends all slices.</summary>
    public void EndAll(long time)
    {
        Advance(time);
        EndFrom(SliceLevel.Turn);
    }

    /// <summary>The time of an event that is not earlier than the one before.</summary>
    public long Advance(long time) => _last = Math.Max(_last, time);

    private void EndFrom(SliceLevel level)
    {
        while (_open.TryPeek(out SliceLevel top) && top >= level)
        {
            _open.Pop();
            writer.Begin("E", "", "", process, thread, _last);
            writer.End();
        }
    }
}

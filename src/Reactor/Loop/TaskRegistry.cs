namespace Reactor;

/// <summary>
/// The unfinished tasks of a loop, held strongly; asyncio holds them weakly and loses some. Loop
/// thread only, except <see cref="Count"/> and <see cref="Snapshot"/>.
/// </summary>
/// <remarks>
/// A task that ends leaves a hole for the next one: moving the last task there would cost a cache
/// miss. As no task moves, another thread can read without a lock.
/// </remarks>
internal sealed class TaskRegistry
{
    // Storing into an array of structs needs no type check.
    private struct Place
    {
        public TaskStep? Step;
    }

    /// <summary>
    /// A page is 8 KiB. Pages are added one at a time: doubling would discard as much memory as it
    /// holds.
    /// </summary>
    private const int PagePlaces = 1024;

    private readonly Stack<int> _holes = [];
    private Place[][] _pages = [new Place[PagePlaces]];
    private int _end;
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public void Add(TaskStep step)
    {
        if (!_holes.TryPop(out int place))
        {
            place = _end++;
            if (place / PagePlaces == _pages.Length)
            {
                Volatile.Write(ref _pages, [.. _pages, new Place[PagePlaces]]);
            }
        }

        _count++;
        step.RegistryIndex = place;
        PlaceOf(place).Step = step;
    }

    public void Remove(TaskStep step)
    {
        _count--;
        PlaceOf(step.RegistryIndex).Step = null;
        _holes.Push(step.RegistryIndex);
        step.RegistryIndex = -1;
        if (_count == 0)
        {
            Clear(); // releases the memory of a burst
        }
    }

    /// <summary>See <c>EventLoop.AllTasks</c>. Any thread.</summary>
    public IReadOnlyList<ILoopTask> Snapshot() =>
    [
        .. Volatile.Read(ref _pages).SelectMany(page => page)
            .Select(place => place.Step?.Owner).OfType<ILoopTask>().Where(task => !task.IsDone),
    ];

    /// <summary>Reports the tasks that the closing loop leaves pending.</summary>
    public void Report()
    {
        foreach (Future task in Snapshot().Cast<Future>())
        {
            string? foreign = (task.Step as FrameStack)?.DescribeForeignAwait();
            task.Report(
                $"Task was destroyed but it is pending! {ShownText.Of(task)}; "
                + (foreign is null
                    ? "await it, or cancel it, before the loop is closed."
                    : $"it awaits {foreign}, which Cancel() cannot end: give the call "
                        + "LoopTask.CurrentToken, or await it through OnLoop()."));
        }
    }

    /// <summary>Drops all tasks: the loop is closed.</summary>
    public void Close()
    {
        Clear();
        _pages = [new Place[PagePlaces]]; // a reference to the closed loop keeps no tasks alive
    }

    private void Clear()
    {
        _holes.Clear();
        _count = 0;
        _end = 0;
        if (_pages.Length > 1)
        {
            _holes.TrimExcess();
            _pages = [_pages[0]];
        }
    }

    private ref Place PlaceOf(int index) =>
        ref _pages[(uint)index / PagePlaces][(uint)index % PagePlaces];
}

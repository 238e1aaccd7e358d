namespace Reactor;

/// <summary>
/// What a loop must account for when it closes: tasks that have not ended, held strongly (asyncio
/// holds them weakly, and loses some); exceptions that nobody fetched and, in debug mode,
/// coroutines that nobody awaited, held weakly, because the collector may report those first.
/// </summary>
/// <remarks>
/// <para>Loop thread only, except <see cref="SnapshotTasks"/>.</para>
/// <para>
/// A task that ends leaves a hole, which the next one fills. Moving the last one into the hole
/// would touch a second task, which with a million of them is in no cache. It also lets another
/// thread read the tasks without a lock: no task changes its place, and a list that grew is a new
/// list of the same pages, so who reads the old one finds there all that had begun by then.
/// </para>
/// </remarks>
internal sealed class LoopLedger(EventLoop loop)
{
    // A struct, as in ReadyQueue: a store into it checks no class.
    private struct Place
    {
        public TaskStep? Step;
    }

    /// <summary>
    /// Places of a page, 8 KiB. The first page is kept, growing to it each time would be felt; more
    /// are added as they are needed, for doubling would throw away as much as it holds.
    /// </summary>
    private const int PagePlaces = 1024;

    private readonly Stack<int> _holes = [];
    private Place[][] _pages = [new Place[PagePlaces]];
    private int _end;
    private int _taskCount;
    private HashSet<LoopWork>? _owed;
    private readonly WeakList<StoredException> _stored = new(stored => !stored.IsSettled);
    private readonly WeakList<ITrackedCall> _calls = new(call => call.IsCold);

    /// <summary>How many tasks have not ended. Any thread.</summary>
    public int TaskCount => Volatile.Read(ref _taskCount);

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

        _taskCount++;
        step.RegistryIndex = place;
        PlaceOf(place).Step = step;
        loop.Instruments?.TaskSpawned(step);
    }

    public void Remove(TaskStep step)
    {
        _taskCount--;
        PlaceOf(step.RegistryIndex).Step = null;
        _holes.Push(step.RegistryIndex);
        step.RegistryIndex = -1;
        loop.Instruments?.TaskExited(step);
        if (_taskCount == 0)
        {
            Clear(); // a rush is over: its room is given back
        }
    }

    public void Add(StoredException stored) => _stored.Add(stored);

    public void Add(ITrackedCall call) => _calls.Add(call);

    /// <summary>Notes what other threads wait for; a closed loop tells it so at once.</summary>
    public void AddOwed(LoopWork outcome)
    {
        if (loop.IsClosed)
        {
            outcome.OnLoopClosed();
        }
        else
        {
            (_owed ??= []).Add(outcome);
        }
    }

    public void RemoveOwed(LoopWork outcome) => _owed?.Remove(outcome);

    /// <summary>What other threads still wait for; the loop owes it no more.</summary>
    public IReadOnlyCollection<LoopWork> TakeOwed()
    {
        HashSet<LoopWork>? owed = _owed;
        _owed = null;
        return owed ?? [];
    }

    /// <summary>The unfinished tasks. Any thread: tasks may come and go meanwhile.</summary>
    public IReadOnlyList<ILoopTask> SnapshotTasks()
    {
        var tasks = new List<ILoopTask>();
        foreach (Place place in Volatile.Read(ref _pages).SelectMany(page => page))
        {
            if (place.Step?.Owner is ILoopTask { IsDone: false } task)
            {
                tasks.Add(task);
            }
        }

        return tasks;
    }

    public void ReportLeftovers()
    {
        // Copies: the exception handler is user code, and may make futures and tasks.
        foreach (StoredException stored in _stored.Snapshot())
        {
            stored.ReportIfUnfetched();
        }

        foreach (ITrackedCall call in _calls.Snapshot())
        {
            call.ReportIfCold();
        }

        foreach (ILoopTask task in SnapshotTasks())
        {
            string? foreign = (task as Future)?.Step?.DescribeForeignAwait();
            loop.Report(new LoopErrorContext
            {
                Message = "Task was destroyed but it is pending! "
                    + $"{ShownText.Of(task)}; "
                    + (foreign is null
                        ? "await it, or cancel it, before the loop is closed."
                        : $"it awaits {foreign}, which Cancel() cannot end: give the call "
                            + "LoopTask.CurrentToken, or await it through OnLoop()."),
                Future = task,
                CreatedAt = (task as Future)?.CreatedAt,
            });
        }

        _stored.Clear();
        _calls.Clear();
        Clear();
        _pages = [new Place[PagePlaces]]; // a reference to the closed loop keeps no tasks alive
    }

    private void Clear()
    {
        _holes.Clear();
        _taskCount = 0;
        _end = 0;
        if (_pages.Length > 1)
        {
            _holes.TrimExcess();
            _pages = [_pages[0]];
        }
    }

    private ref Place PlaceOf(int index) =>
        ref _pages[(uint)index / PagePlaces][(uint)index % PagePlaces];

    /// <summary>
    /// Weak references to what still matters. What no longer does is swept out when the list has
    /// doubled since the last sweep, so that adding costs the same however many there are.
    /// </summary>
    private sealed class WeakList<T>(Predicate<T> stillMatters)
        where T : class
    {
        private readonly List<WeakReference<T>> _references = [];
        private int _compactAt = 64;

        public void Add(T item)
        {
            if (_references.Count >= _compactAt)
            {
                _references.RemoveAll(
                    reference => !reference.TryGetTarget(out T? old) || !stillMatters(old));
                _compactAt = Math.Max(64, _references.Count * 2);
            }

            // It may be found by the collector, and its report be on the way to a turn that never
            // comes: what was resurrected for that must still be seen here.
            _references.Add(new WeakReference<T>(item, trackResurrection: true));
        }

        public T[] Snapshot()
        {
            var items = new List<T>();
            foreach (WeakReference<T> reference in _references)
            {
                if (reference.TryGetTarget(out T? item))
                {
                    items.Add(item);
                }
            }

            return [.. items];
        }

        public void Clear() => _references.Clear();
    }
}

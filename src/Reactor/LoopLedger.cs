namespace Reactor;

/// <summary>
/// What a loop must account for when it closes: tasks that have not ended, held strongly (asyncio
/// holds them weakly, and loses some); exceptions that nobody fetched and, in debug mode,
/// coroutines that nobody awaited, held weakly, because the collector may report those first.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class LoopLedger(EventLoop loop)
{
    private readonly List<TaskStep> _tasks = [];
    private readonly WeakList<StoredException> _stored = new(_ => true);
    private readonly WeakList<ITrackedCall> _calls = new(call => call.IsCold);

    public void Add(TaskStep step)
    {
        step.RegistryIndex = _tasks.Count;
        _tasks.Add(step);
    }

    public void Remove(TaskStep step)
    {
        // The last one takes its place: removal costs the same however many there are.
        TaskStep last = _tasks[^1];
        last.RegistryIndex = step.RegistryIndex;
        _tasks[step.RegistryIndex] = last;
        _tasks.RemoveAt(_tasks.Count - 1);
        step.RegistryIndex = -1;
    }

    public void Add(StoredException stored) => _stored.Add(stored);

    public void Add(ITrackedCall call) => _calls.Add(call);

    public IReadOnlyList<ILoopTask> SnapshotTasks() =>
        [.. _tasks.Select(step => (ILoopTask)step.Owner)];

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

        foreach (TaskStep step in _tasks.ToArray())
        {
            loop.Report(new LoopErrorContext
            {
                Message = $"Task was destroyed but it is pending! {step.Owner}; await it, or "
                    + "cancel it, before the loop is closed.",
                Future = step.Owner,
                CreatedAt = (step.Owner as Future)?.CreatedAt,
            });
        }

        _stored.Clear();
        _calls.Clear();
        _tasks.Clear();
    }

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

namespace Reactor;

/// <summary>
/// What a loop must account for when it closes: tasks that have not ended, held strongly (asyncio
/// holds them weakly, and loses some), and exceptions that nobody fetched, held weakly, because the
/// collector may report those first.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class LoopLedger(EventLoop loop)
{
    private readonly List<TaskStep> _tasks = [];
    private readonly List<WeakReference<StoredException>> _stored = [];
    private int _compactAt = 64;

    /// <summary>How many tasks have not ended. Any thread.</summary>
    public int TaskCount => _tasks.Count;

    public void Add(TaskStep step)
    {
        step.RegistryIndex = _tasks.Count;
        _tasks.Add(step);
        loop.Instruments?.TaskSpawned(step);
    }

    public void Remove(TaskStep step)
    {
        // The last one takes its place: removal costs the same however many there are.
        TaskStep last = _tasks[^1];
        last.RegistryIndex = step.RegistryIndex;
        _tasks[step.RegistryIndex] = last;
        _tasks.RemoveAt(_tasks.Count - 1);
        step.RegistryIndex = -1;
        loop.Instruments?.TaskExited(step);
    }

    public void Add(StoredException stored)
    {
        if (_stored.Count >= _compactAt)
        {
            _stored.RemoveAll(reference => !reference.TryGetTarget(out _));
            _compactAt = Math.Max(64, _stored.Count * 2);
        }

        // It may be found by the collector, and its report be on the way to a turn that never
        // comes: what was resurrected for that must still be seen here.
        _stored.Add(new WeakReference<StoredException>(stored, trackResurrection: true));
    }

    public IReadOnlyList<ILoopTask> SnapshotTasks() =>
        [.. _tasks.Select(step => (ILoopTask)step.Owner)];

    public void ReportLeftovers()
    {
        // Copies: the exception handler is user code, and may make futures and tasks.
        foreach (WeakReference<StoredException> reference in _stored.ToArray())
        {
            if (reference.TryGetTarget(out StoredException? stored))
            {
                stored.ReportIfUnfetched();
            }
        }

        foreach (TaskStep step in _tasks.ToArray())
        {
            loop.Report(new LoopErrorContext
            {
                Message = $"Task was destroyed but it is pending! {step.Owner}",
                Future = step.Owner,
                CreatedAt = (step.Owner as Future)?.CreatedAt,
            });
        }

        _stored.Clear();
        _tasks.Clear();
    }
}

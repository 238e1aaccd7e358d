namespace Reactor;

/// <summary>
/// What a loop must account for when it closes: tasks that have not ended, held strongly (asyncio
/// holds them weakly, and loses some), and exceptions that nobody fetched, held weakly, because the
/// collector may report those first.
/// </summary>
/// <remarks>
/// <para>Loop thread only, except <see cref="SnapshotTasks"/>.</para>
/// <para>
/// Another thread reads the tasks without a lock, so a task that begins or ends pays nothing for
/// it. Two rules make that safe. A task changes its place only downwards: it fills the gap of one
/// that ended, and is written there before its old place is cleared. And the reader goes downwards:
/// what leaves a place that it has not reached yet, it meets again below. So it misses no task that
/// is there all the time; it may see one twice, and drops that. A list that grew is a copy: who
/// reads the old one finds there all that had begun by then.
/// </para>
/// </remarks>
internal sealed class LoopLedger(EventLoop loop)
{
    private TaskStep?[] _tasks = new TaskStep?[16];
    private int _taskCount;
    private readonly List<WeakReference<StoredException>> _stored = [];
    private int _compactAt = 64;

    public void Add(TaskStep step)
    {
        if (_taskCount == _tasks.Length)
        {
            TaskStep?[] longer = new TaskStep?[_taskCount * 2];
            _tasks.CopyTo(longer, 0);
            Volatile.Write(ref _tasks, longer);
        }

        step.RegistryIndex = _taskCount;
        Volatile.Write(ref _tasks[_taskCount++], step);
    }

    public void Remove(TaskStep step)
    {
        // The last one takes its place: removal costs the same however many there are.
        TaskStep last = _tasks[--_taskCount]!;
        last.RegistryIndex = step.RegistryIndex;
        Volatile.Write(ref _tasks[step.RegistryIndex], last);
        Volatile.Write(ref _tasks[_taskCount], null);
        step.RegistryIndex = -1;
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

    /// <summary>The unfinished tasks. Any thread.</summary>
    public IReadOnlyList<ILoopTask> SnapshotTasks()
    {
        TaskStep?[] tasks = Volatile.Read(ref _tasks);
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var found = new List<ILoopTask>();
        for (int i = tasks.Length - 1; i >= 0; i--)
        {
            if (Volatile.Read(ref tasks[i])?.Owner is ILoopTask task && seen.Add(task))
            {
                found.Add(task);
            }
        }

        found.Reverse(); // the oldest first, as nearly as the gaps allow
        return found;
    }

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

        foreach (TaskStep step in _tasks.OfType<TaskStep>().ToArray())
        {
            loop.Report(new LoopErrorContext
            {
                Message = $"Task was destroyed but it is pending! {step.Owner}",
                Future = step.Owner,
                CreatedAt = (step.Owner as Future)?.CreatedAt,
            });
        }

        _stored.Clear();
        Array.Clear(_tasks);
        _taskCount = 0;
    }
}

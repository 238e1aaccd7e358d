namespace Reactor;

/// <summary>
/// What a coroutine needs from its scheduler; <c>EventLoop</c> is one, and a user may write
/// another. Loop thread only, unless a member says otherwise.
/// </summary>
/// <remarks>
/// It calls <see cref="LoopWork.Run"/> once for each posting, never inside <see cref="Post"/>.
/// </remarks>
public abstract class CoroutineScheduler
{
    [ThreadStatic] private static CoroutineScheduler? t_current;

    private static int s_slots;

    private object?[] _slots = [];
    private long _taskNumber;
    private long _jobNumber;

    /// <summary>The scheduler that runs on this thread now, or null. Any thread.</summary>
    public static CoroutineScheduler? Current => t_current;

    /// <summary>The step that runs now, or null.</summary>
    public TaskStep? RunningStep { get; private set; }

    // An ITaskFactory.
    internal object? TaskMaker { get; set; }

    /// <summary>Set by a driver whose clock jumps.</summary>
    internal virtual ForeignWaits? ForeignWaits { get; set; }

    /// <summary>The monotonic time since this scheduler's epoch. Any thread.</summary>
    public abstract TimeSpan Time { get; }

    /// <summary>True in debug mode.</summary>
    public virtual bool Debug
    {
        get => false;
        set => throw new NotSupportedException($"{GetType().Name} has no debug mode.");
    }

    /// <summary>Null outside debug mode.</summary>
    internal string? PlaceOf(string? file, int line) => Debug ? UserPlace.Name(file, line) : null;

    /// <summary>True once any loop was in debug mode. Any thread.</summary>
    internal static bool IsDebugUsed { get; set; }

    /// <summary>In debug mode, throws on a wrong thread while the loop runs.</summary>
    internal virtual void CheckThread()
    {
    }

    /// <summary>Queues work for the next turn (asyncio: <c>call_soon</c>).</summary>
    public abstract void Post(LoopWork work);

    /// <summary>
    /// Queues work from any thread and wakes the scheduler, or tells the work that it is closed.
    /// </summary>
    public abstract void PostThreadSafe(LoopWork work);

    /// <summary>
    /// As <see cref="PostThreadSafe"/>, but also on the loop thread a message, which a replay holds
    /// until its turn: for work whose thread is chance.
    /// </summary>
    internal virtual void PostMessage(LoopWork work) => PostThreadSafe(work);

    /// <summary>Queues work, once at a time, for a moment on the scheduler's clock.</summary>
    public abstract void Arm(LoopWork work, TimeSpan when);

    /// <summary>Undoes <see cref="Arm"/>; false if the work was not waiting.</summary>
    public abstract bool Disarm(LoopWork work);

    /// <summary>Reports an error that no caller can catch. Any thread; must not throw.</summary>
    public abstract void Report(LoopErrorContext context);

    /// <summary>A task began; hold it strongly until <see cref="OnTaskFinished"/>.</summary>
    protected internal virtual void OnTaskStarted(TaskStep step)
    {
    }

    /// <summary>A task ended.</summary>
    protected internal virtual void OnTaskFinished(TaskStep step)
    {
    }

    /// <summary>Set by a recording and a replay.</summary>
    internal virtual IForeignEnds? ForeignEnds => null;

    /// <inheritdoc cref="IForeignEnds.HasEnded"/>
    internal bool HasEnded(Task task) => ForeignEnds?.HasEnded(task) ?? task.IsCompleted;

    /// <inheritdoc cref="IForeignEnds.IsCancelled"/>
    internal bool IsCancelled(CancellationToken token) => token.CanBeCanceled
        && (ForeignEnds?.IsCancelled(token) ?? token.IsCancellationRequested);

    /// <exception cref="OperationCanceledException">The token is cancelled.</exception>
    internal void ThrowIfCancelled(CancellationToken token)
    {
        if (IsCancelled(token))
        {
            throw new OperationCanceledException(token);
        }
    }

    internal virtual string DescribeReady() => "";

    internal virtual void OnLeftover(ILeftover leftover)
    {
    }

    /// <summary>Other threads wait for the outcome, which a closing scheduler fails.</summary>
    internal virtual void OnOutcomeOwed(LoopWork outcome)
    {
    }

    internal virtual void OnOutcomeGiven(LoopWork outcome)
    {
    }

    /// <summary>Makes a step the running one (asyncio: <c>_enter_task</c>).</summary>
    /// <exception cref="InvalidOperationException">Another step runs.</exception>
    public void EnterTask(TaskStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (RunningStep is not null)
        {
            throw new InvalidOperationException(
                $"Cannot enter into task {step.Owner} while another task {RunningStep.Owner} " +
                "is being executed.");
        }

        RunningStep = step;
    }

    /// <summary>Undoes <see cref="EnterTask"/> (asyncio: <c>_leave_task</c>).</summary>
    /// <exception cref="InvalidOperationException">Another step runs, or none.</exception>
    public void LeaveTask(TaskStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        if (!ReferenceEquals(RunningStep, step))
        {
            throw new InvalidOperationException(
                $"Leaving task {step.Owner} does not match the current task " +
                $"{RunningStep?.Owner ?? "(none)"}.");
        }

        RunningStep = null;
    }

    /// <summary>For the first step of an eager task (asyncio: <c>_swap_current_task</c>).</summary>
    internal TaskStep? SwapTask(TaskStep? step)
    {
        TaskStep? before = RunningStep;
        RunningStep = step;
        return before;
    }

    /// <summary>Saturated: the longest and an infinite delay mean never. Any thread.</summary>
    internal TimeSpan MomentAfter(TimeSpan delay) => MomentAfter(Time, delay);

    /// <summary>The moment is not negative.</summary>
    internal static TimeSpan MomentAfter(TimeSpan moment, TimeSpan delay) =>
        delay > TimeSpan.MaxValue - moment || TimeLimit.IsInfinite(delay)
            ? TimeSpan.MaxValue : moment + delay;

    /// <summary>A key for an object of a room above. Any thread.</summary>
    internal static int NextSlot() => Interlocked.Increment(ref s_slots);

    internal object? TryGetSlot(int slot)
    {
        object?[] slots = _slots;
        return (uint)slot < (uint)slots.Length ? slots[slot] : null;
    }

    internal void SetSlot(int slot, object value)
    {
        if (slot >= _slots.Length)
        {
            Array.Resize(ref _slots, Math.Max(slot + 1, 2 * _slots.Length));
        }

        _slots[slot] = value;
    }

    internal long NextTaskNumber() => ++_taskNumber;

    /// <summary>The place of a job in the order in which this loop submits them.</summary>
    internal long NextJobNumber() => ++_jobNumber;

    /// <summary>The number of the job that was submitted last; 0: none.</summary>
    internal long LastJobNumber => _jobNumber;

    /// <summary>Sets the scheduler of the calling thread.</summary>
    protected static void SetCurrent(CoroutineScheduler? scheduler) => t_current = scheduler;
}

namespace Reactor;

/// <summary>
/// All that a coroutine needs of whoever runs it: what runs now, post, post from any thread, call
/// at, the time, report. The event loop is one; a test or a lesson may bring another, because
/// async/await is not tied to our loop.
/// </summary>
/// <remarks>
/// Loop thread only, unless a member says otherwise. A scheduler takes work and, on its own thread
/// and never from inside <see cref="Post"/>, calls <see cref="LoopWork.Run"/> once for each
/// posting.
/// </remarks>
public abstract class CoroutineScheduler
{
    [ThreadStatic]
    private static CoroutineScheduler? t_current;

    private static int s_slots;

    private object?[] _slots = [];
    private long _taskNumber;

    /// <summary>The scheduler that runs on this thread now, or null. Any thread.</summary>
    public static CoroutineScheduler? Current => t_current;

    /// <summary>The step that runs now; null between steps and in plain callbacks.</summary>
    public TaskStep? RunningStep { get; private set; }

    /// <summary>
    /// What makes its tasks instead of the usual way; null: nothing. An <c>ITaskFactory</c>, which
    /// this room does not know. Loop thread only.
    /// </summary>
    internal object? TaskMaker { get; set; }

    /// <summary>
    /// Set by a driver whose clock jumps; null: foreign waits are not recorded.
    /// </summary>
    internal ForeignWaits? ForeignWaits { get; set; }

    /// <summary>Time since this scheduler's epoch; it never goes back. Any thread.</summary>
    public abstract TimeSpan Time { get; }

    /// <summary>True in debug mode: objects remember where they were made.</summary>
    public virtual bool Debug
    {
        get => false;
        set => throw new NotSupportedException($"{GetType().Name} has no debug mode.");
    }

    /// <summary>A line of the user's code as <c>File.cs:12</c>; null outside debug mode.</summary>
    internal string? PlaceOf(string? file, int line) => Debug ? UserPlace.Name(file, line) : null;

    /// <summary>
    /// True once a loop of this process was in debug mode: until then a check of debug mode costs
    /// one read of a static field. Any thread.
    /// </summary>
    internal static bool IsDebugUsed { get; set; }

    /// <summary>
    /// In debug mode throws on a thread that is not the loop's while the loop runs. Any thread.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is the wrong thread.</exception>
    internal virtual void CheckThread()
    {
    }

    /// <summary>Queues work for the next turn (asyncio: <c>call_soon</c>).</summary>
    public abstract void Post(LoopWork work);

    /// <summary>
    /// Queues work from any thread and wakes the scheduler. Once it is closed, the work is told
    /// that it will not run.
    /// </summary>
    public abstract void PostThreadSafe(LoopWork work);

    /// <summary>
    /// Queues work from any thread, by the shorter way where that is this scheduler's own.
    /// </summary>
    internal void PostFromAnywhere(LoopWork work)
    {
        if (ReferenceEquals(t_current, this))
        {
            Post(work);
        }
        else
        {
            PostThreadSafe(work);
        }
    }

    /// <summary>
    /// Queues work for a moment on <see cref="Time"/>'s clock; one moment a work.
    /// </summary>
    public abstract void Arm(LoopWork work, TimeSpan when);

    /// <summary>Takes back what <see cref="Arm"/> did; false if the work was not waiting.</summary>
    public abstract bool Disarm(LoopWork work);

    /// <summary>Reports an error that nobody can catch. Any thread; must not throw.</summary>
    public abstract void Report(LoopErrorContext context);

    /// <summary>
    /// Notes a task that began; strong references, until <see cref="OnTaskFinished"/>.
    /// </summary>
    protected internal virtual void OnTaskStarted(TaskStep step)
    {
    }

    /// <summary>Notes a task that ended.</summary>
    protected internal virtual void OnTaskFinished(TaskStep step)
    {
    }

    /// <summary>Notes an exception that nobody has fetched yet, for a sweep at the end.</summary>
    protected internal virtual void OnExceptionStored(StoredException stored)
    {
    }

    /// <summary>The work that runs next, in words, for a report. Loop thread only.</summary>
    internal virtual string DescribeReady() => "";

    /// <summary>Notes a call that may never be awaited, for a sweep at the end.</summary>
    internal virtual void OnCallTracked(ITrackedCall call)
    {
    }

    /// <summary>
    /// Notes work that other threads wait for: once closed, the scheduler tells it so.
    /// </summary>
    internal virtual void OnOutcomeOwed(LoopWork outcome)
    {
    }

    /// <summary>Other threads have what they waited for.</summary>
    internal virtual void OnOutcomeGiven(LoopWork outcome)
    {
    }

    /// <summary>
    /// Makes a step the running one (asyncio: <c>_enter_task</c>).
    /// </summary>
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

    /// <summary>
    /// Ends what <see cref="EnterTask"/> began (asyncio: <c>_leave_task</c>).
    /// </summary>
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

    /// <summary>
    /// Makes another step the running one and gives back the one before: an eager task takes its
    /// first step inside a step of its creator (asyncio: <c>_swap_current_task</c>).
    /// </summary>
    internal TaskStep? SwapTask(TaskStep? step)
    {
        TaskStep? before = RunningStep;
        RunningStep = step;
        return before;
    }

    /// <summary>
    /// The moment on <see cref="Time"/>'s clock after a delay from now. One beyond the end of the
    /// clock is its end, that is never; so the longest delay is legal, and so is
    /// <see cref="Timeout.InfiniteTimeSpan"/>. Any thread.
    /// </summary>
    public TimeSpan MomentAfter(TimeSpan delay) => MomentAfter(Time, delay);

    /// <summary>The same from a moment of the clock, which is not negative.</summary>
    internal static TimeSpan MomentAfter(TimeSpan moment, TimeSpan delay) =>
        delay > TimeSpan.MaxValue - moment || TimeLimit.IsInfinite(delay)
            ? TimeSpan.MaxValue
            : moment + delay;

    /// <summary>
    /// A number, from 1, by which a room above keeps something for each scheduler. Any thread.
    /// </summary>
    internal static int NextSlot() => Interlocked.Increment(ref s_slots);

    /// <summary>What was kept under a number, or null. Loop thread only.</summary>
    internal object? TryGetSlot(int slot)
    {
        object?[] slots = _slots;
        return (uint)slot < (uint)slots.Length ? slots[slot] : null;
    }

    /// <summary>Keeps something under a number. Loop thread only.</summary>
    internal void SetSlot(int slot, object value)
    {
        if (slot >= _slots.Length)
        {
            Array.Resize(ref _slots, Math.Max(slot + 1, 2 * _slots.Length));
        }

        _slots[slot] = value;
    }

    /// <summary>The number of the next task, for its default name.</summary>
    internal long NextTaskNumber() => ++_taskNumber;

    /// <summary>
    /// Makes this scheduler the current one of the calling thread, or takes it away.
    /// </summary>
    protected static void SetCurrent(CoroutineScheduler? scheduler) => t_current = scheduler;
}

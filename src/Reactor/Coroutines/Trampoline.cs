using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// The engine of a task: an explicit stack of frames, and the rule that steps it. Awaiting a child
/// coroutine pushes its frame, completion pops it, and the loop in <see cref="Run"/> bounces
/// between them, so the native stack stays flat however deep the awaits are nested.
/// </summary>
/// <remarks>
/// <para>Loop thread only, except the continuation given to foreign awaitables.</para>
/// <para>
/// Cancellation follows asyncio: it asks what the task waits for to become cancelled; if that is
/// not possible, a cancellation is pending and is thrown at the await, when the task runs next. A
/// wait for something foreign cannot be interrupted: the cancellation stays pending until the next
/// await of our own.
/// </para>
/// </remarks>
internal sealed class Trampoline : TaskStep
{
    /// <summary>
    /// An exception's trace grows for the innermost awaits only; above them it is rethrown from one
    /// snapshot. A trace that grew at each of 200,000 awaits would cost the square of that.
    /// </summary>
    private const int TracedAwaitsMax = 64;

    private readonly Future _task;
    private readonly CoroutineFrame _bottom;
    private CoroutineFrame? _top;
    private object _context;
    private IWaitSource? _wait;
    private ExceptionDispatchInfo? _lastError;
    private LoopCanceledException? _interrupt;
    private Action? _foreignContinuation;
    private string? _cancelMessage;
    private CancellationWatch? _watch;
    private int _tracedAwaits;
    private int _cancelRequests;
    private bool _bounce;
    private bool _mustCancel;
    private bool _awaitsForeign;
    private bool _hasStarted;
    private bool _isCancelFresh;
    private bool _isCancelDelivered;
    private bool _isInterrupting;

    public Trampoline(
        CoroutineScheduler scheduler, Future task, CoroutineFrame bottom, LoopContext? context)
        : base(scheduler)
    {
        _task = task;
        _bottom = bottom;
        _top = bottom;
        if (bottom.State != FrameState.Cold)
        {
            throw new InvalidOperationException("Cannot reuse already awaited coroutine.");
        }

        Number = scheduler.NextTaskNumber();
        bottom.Owner = this;
        bottom.State = FrameState.OnStack;
        _context = context ?? (object)LoopContext.CaptureValues();
    }

    /// <inheritdoc/>
    public override object Owner => _task;

    /// <summary>The number of the task on its loop, from 1.</summary>
    public long Number { get; }

    /// <summary>The task by its name only: it may be shown by what it waits for.</summary>
    public override string ToString() => $"<step of {((ILoopTask)_task).Name}>";

    /// <inheritdoc/>
    internal override string DescribeFromOutside() => _task.Label;

    /// <summary>The innermost frame; null once the task has ended.</summary>
    public CoroutineFrame? Top => _top;

    public CoroutineFrame Bottom => _bottom;

    public IWaitSource? Wait => _wait;

    /// <summary>True while it waits for something that is none of ours.</summary>
    public bool AwaitsForeign => _awaitsForeign;

    /// <summary>False until the first step.</summary>
    public bool HasStarted => _hasStarted;

    /// <summary>
    /// The innermost block on the stack whose tasks must end before it does; each knows the one
    /// around it.
    /// </summary>
    public AwaitingBlock? Block { get; set; }

    /// <summary>
    /// True if a plain async method awaits the coroutine itself, not the task that it became: the
    /// outcome must then be had from the frame.
    /// </summary>
    public bool IsAwaitedByFrame { get; set; }

    public LoopContext? SharedContext => _context as LoopContext;

    /// <summary>The context to enter; null while code runs in it.</summary>
    public object? ContextOutside =>
        ReferenceEquals(Scheduler.RunningStep, this) || _context is LoopContext { IsEntered: true }
            ? null
            : _context;

    /// <summary>How many cancellations were asked for and not taken back.</summary>
    public int CancelRequests => _cancelRequests;

    public string? CancelMessage => _cancelMessage;

    /// <summary>
    /// True while a combinator keeps a cancellation back until its children have ended: then it is
    /// not swallowed, however long that takes.
    /// </summary>
    public bool KeepsCancellation { get; set; }

    /// <inheritdoc/>
    public override void Run()
    {
        Debug.Assert(!_task.IsDone, "a finished task is not stepped");
        Scheduler.EnterTask(this);
        LoopContext.Enter(_context);
        bool cancelledBeforeStart = !_hasStarted && _mustCancel;
        if (!cancelledBeforeStart)
        {
            Step();
        }

        LeaveContext();
        Scheduler.LeaveTask(this);
        if (_top is null || cancelledBeforeStart)
        {
            Finish();
        }
        else
        {
            _lastError = null; // it was caught: a task that lives on must not keep it
        }
    }

    /// <summary>
    /// Takes the first step now, inside a step of the creator or a callback, which then goes on as
    /// it was: its task is the running one again, and its context has none of what this step wrote,
    /// unless they share it.
    /// </summary>
    public void RunEagerly()
    {
        TaskStep? outer = Scheduler.SwapTask(this);
        ExecutionContext before = LoopContext.CaptureValues();
        LoopContext? both = _context is LoopContext { IsEntered: true } shared ? shared : null;
        if (both is not null)
        {
            both.Values = before;
        }

        LoopContext.Enter(_context);
        Step();
        LeaveContext();
        LoopContext.Enter(both?.Values ?? before);
        Scheduler.SwapTask(outer);
        if (_top is null)
        {
            Finish();
        }
    }

    /// <summary>Puts a called coroutine on the stack; it runs next.</summary>
    public void Push(CoroutineFrame frame)
    {
        Debug.Assert(frame.State == FrameState.Cold, "a coroutine is awaited once");
        frame.State = FrameState.OnStack;
        frame.Owner = this;
        frame.Parent = _top;
        _top = frame;
        _bounce = true;
    }

    public void OnReturned(CoroutineFrame frame)
    {
        frame.State = FrameState.Returned;
        Pop(frame);
    }

    public void OnThrew(CoroutineFrame frame, Exception error)
    {
        frame.State = FrameState.Threw;
        if (!ReferenceEquals(_lastError?.SourceException, error))
        {
            _tracedAwaits = 0;
            _lastError = ExceptionDispatchInfo.Capture(error);
        }
        else if (++_tracedAwaits < TracedAwaitsMax)
        {
            _lastError = ExceptionDispatchInfo.Capture(error);
        }

        Pop(frame);
    }

    /// <summary>Throws, in the awaiting frame, what its child threw.</summary>
    public void RethrowLastError() => _lastError!.Throw();

    /// <inheritdoc/>
    public override void SuspendOn(IWaitSource source)
    {
        _wait = source;
        if (_mustCancel)
        {
            InterruptWait(source);
        }
    }

    /// <summary>
    /// Parks the task on something foreign and gives the continuation to hand to it.
    /// </summary>
    public Action SuspendOnForeign()
    {
        _awaitsForeign = true;
        return _foreignContinuation ??= OnForeignCompleted;
    }

    /// <inheritdoc/>
    internal override bool IsForeignContinuation(Delegate continuation) =>
        ReferenceEquals(continuation, _foreignContinuation);

    /// <inheritdoc/>
    internal override bool IsInterrupted => _interrupt is not null;

    /// <inheritdoc/>
    public override void ThrowIfInterrupted()
    {
        if (_interrupt is { } interrupt)
        {
            _interrupt = null;
            throw interrupt;
        }
    }

    /// <summary>Asks the task to end; see <see cref="Future.Cancel"/>.</summary>
    /// <returns>
    /// False if that is what it is doing, and what it waits for waits for it: one of a cycle must
    /// not wait for the others, or each would ask the next for ever.
    /// </returns>
    public bool Cancel(string? message)
    {
        if (_isInterrupting)
        {
            return false;
        }

        _cancelRequests++;
        _cancelMessage = message;
        _isCancelFresh = true;
        if (_wait is { } wait)
        {
            InterruptWait(wait);
        }
        else
        {
            // Running, queued, or waiting for something foreign: it is thrown at the next step.
            _mustCancel = true;
        }

        return true;
    }

    public int Uncancel()
    {
        if (_cancelRequests > 0 && --_cancelRequests == 0)
        {
            _mustCancel = false;
            _isCancelFresh = false;
            _watch?.End();
        }

        return _cancelRequests;
    }

    private void InterruptWait(IWaitSource wait)
    {
        // A future that becomes cancelled posts us, and throws by itself. It may be a task that
        // swallows the cancellation, so it stays our wait and can be cancelled again.
        _isInterrupting = true;
        bool throwsByItself = wait.CancelWait(this, _cancelMessage);
        _isInterrupting = false;
        // A wait that is over already is not cut short: until we resume it can be taken back.
        _mustCancel = !throwsByItself && IsQueued;
        if (!throwsByItself && !IsQueued)
        {
            _interrupt = new LoopCanceledException(_cancelMessage);
            Resume();
        }
    }

    private void Step()
    {
        IWaitSource? wait = _wait;
        _wait = null;
        _hasStarted = true;
        if (_awaitsForeign)
        {
            // Its GetResult does not ask us, so a pending cancellation waits for an await of ours.
            _awaitsForeign = false;
        }
        else
        {
            if (_mustCancel)
            {
                _mustCancel = false;
                _interrupt ??= new LoopCanceledException(_cancelMessage);
            }

            if (_isCancelFresh)
            {
                // What we waited for may have swallowed it; then it never reaches this task.
                _isCancelFresh = false;
                _isCancelDelivered = _interrupt is not null
                    || wait is not Future { ThrowsCancellation: false };
            }
        }

        do
        {
            _bounce = false;
            _top!.MoveNext();
        }
        while (_bounce);

        if (_isCancelDelivered)
        {
            WatchCancellation();
        }
    }

    private void LeaveContext()
    {
        if (_context is LoopContext)
        {
            LoopContext.Leave(_context);
        }
        else
        {
            _context = LoopContext.CaptureValues();
        }
    }

    /// <summary>The task was cancelled, and has suspended again or ended since.</summary>
    private void WatchCancellation()
    {
        _isCancelDelivered = false;
        if (Scheduler.Debug && _top is not null && _cancelRequests > 0)
        {
            _watch ??= new CancellationWatch(this, _task);
            _watch.Begin();
        }
    }

    private void Pop(CoroutineFrame frame)
    {
        Debug.Assert(ReferenceEquals(frame, _top), "frames leave in the order they came");
        _top = frame.Parent;
        frame.Parent = null;
        _bounce = _top is not null;
    }

    private void Finish()
    {
        ExceptionDispatchInfo? error = _bottom.State == FrameState.Threw ? _lastError : null;
        bool isCancelled = error is null && _mustCancel;
        _top = null;
        _lastError = null;
        _wait = null;
        _watch?.End();
        _bottom.State = IsAwaitedByFrame ? FrameState.TaskEnded : FrameState.Taken;
        Scheduler.OnTaskFinished(this);
        if (isCancelled)
        {
            error = ExceptionDispatchInfo.Capture(new LoopCanceledException(_cancelMessage));
        }

        _task.FinishFrom(_bottom, error);
        if (error?.SourceException is LoopAbortException)
        {
            error.Throw();
        }
    }

    // Runs on any thread: wherever the foreign awaitable completes.
    private void OnForeignCompleted()
    {
        if (ReferenceEquals(CoroutineScheduler.Current, Scheduler))
        {
            Scheduler.Post(this);
        }
        else
        {
            Scheduler.PostThreadSafe(this);
        }
    }
}

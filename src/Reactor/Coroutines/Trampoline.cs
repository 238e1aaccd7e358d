using System.Diagnostics;
using System.Runtime.CompilerServices;
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
[StackTraceHidden]
internal sealed partial class Trampoline : TaskStep
{
    private readonly Future _task;

    // The innermost frame; of a task that has ended its bottom frame, which is on no stack then.
    private CoroutineFrame _top;
    private object _context;
    private IWaitSource? _wait;
    private TaskIncidents? _incidents;
    private bool _hasStarted;

    public Trampoline(
        CoroutineScheduler scheduler, Future task, CoroutineFrame bottom, LoopContext? context)
        : base(scheduler)
    {
        _task = task;
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
    public CoroutineFrame? Top => HasEnded ? null : _top;

    /// <summary>
    /// The frame of the coroutine that the task was made of. Searched for, because only reports ask
    /// for it. Any thread: while the stack changes, it may be another frame, also of another task.
    /// </summary>
    public CoroutineFrame Bottom
    {
        get
        {
            CoroutineFrame frame = _top;
            while (frame.Parent is { } parent)
            {
                frame = parent;
            }

            return frame;
        }
    }

    private bool HasEnded => _top.State != FrameState.OnStack;

    public IWaitSource? Wait => _wait;

    /// <summary>
    /// The innermost block on the stack whose tasks must end before it does; each knows the one
    /// around it.
    /// </summary>
    public AwaitingBlock? Block
    {
        get => _incidents?.Block;
        set => Incidents.Block = value;
    }

    /// <summary>
    /// True if a plain async method awaits the coroutine itself, not the task that it became: the
    /// outcome must then be had from the frame.
    /// </summary>
    public bool IsAwaitedByFrame
    {
        get => _incidents is { IsAwaitedByFrame: true };
        set => Incidents.IsAwaitedByFrame = value;
    }

    public LoopContext? SharedContext => _context as LoopContext;

    /// <summary>The context to enter; null while code runs in it.</summary>
    public object? ContextOutside =>
        ReferenceEquals(Scheduler.RunningStep, this) || _context is LoopContext { IsEntered: true }
            ? null
            : _context;

    /// <summary>How many cancellations were asked for and not taken back.</summary>
    public int CancelRequests => _incidents?.CancelRequests ?? 0;

    /// <summary>True if a cancellation was asked for and not thrown into the task yet.</summary>
    public bool IsCancelPending => _incidents is { MustCancel: true };

    /// <inheritdoc cref="TaskIncidents.DropPending"/>
    public void DropPendingCancel() => _incidents?.DropPending();

    /// <inheritdoc/>
    internal override bool KeepsCancellation
    {
        get => _incidents is { KeepsCancellation: true };
        set => Incidents.KeepsCancellation = value;
    }

    /// <summary>What befell the task; made when it is first asked for.</summary>
    public TaskIncidents Incidents => _incidents ??= new TaskIncidents();

    /// <inheritdoc/>
    public override void Run()
    {
        Scheduler.EnterTask(this);
        LoopContext.Enter(_context);
        bool cancelledBeforeStart = !_hasStarted && _incidents is { MustCancel: true };
        if (!cancelledBeforeStart)
        {
            try
            {
                Step();
            }
            catch (Exception error)
            {
                if (!TryStepOn(error))
                {
                    LeaveContext();
                    Scheduler.SwapTask(null); // no check may hide the error
                    throw;
                }
            }
        }

        LeaveContext();
        Scheduler.LeaveTask(this);
        if (HasEnded || cancelledBeforeStart)
        {
            Finish();
        }
        else if (_incidents is not null)
        {
            _incidents.LastError = null; // it was caught: a task that lives on must not keep it
        }
    }

    /// <summary>Takes the first step now; see <see cref="EagerStep"/>.</summary>
    public void RunEagerly()
    {
        EagerStep outer = EagerStep.Begin(this, _context);
        try
        {
            Step();
        }
        catch (Exception error)
        {
            if (!TryStepOn(error))
            {
                throw;
            }
        }
        finally
        {
            LeaveContext();
            outer.End();
        }

        if (HasEnded)
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
    }

    public void OnReturned(CoroutineFrame frame)
    {
        frame.State = FrameState.Returned;
        Pop(frame);
    }

    public void OnThrew(CoroutineFrame frame, Exception error)
    {
        frame.State = FrameState.Threw;
        Incidents.NoteError(error);
        Pop(frame);
    }

    /// <summary>Throws, in the awaiting frame, what its child threw.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void RethrowLastError() => _incidents!.LastError!.Throw();

    /// <inheritdoc/>
    public override void SuspendOn(IWaitSource source)
    {
        _wait = source;
        if (_incidents is { MustCancel: true } incidents)
        {
            incidents.InterruptWait(source, this);
        }
    }

    /// <inheritdoc/>
    internal override bool IsInterrupted => _incidents?.Interrupt is not null;

    /// <inheritdoc/>
    public override void ThrowIfInterrupted()
    {
        if (_incidents is { Interrupt: { } interrupt })
        {
            _incidents.Interrupt = null;
            throw interrupt;
        }
    }

    /// <summary>Asks the task to end; see <see cref="CancelChain.Send"/>.</summary>
    public bool Cancel(string? message, ITokenScope? outermost = null) =>
        CancelChain.Send(this, message, outermost);

    /// <summary>Begins a block whose tokens are its own, and ends it; null: outside all.</summary>
    public ITokenScope? TokenScope
    {
        get => _incidents?.Scope;
        set => Incidents.Scope = value;
    }

    /// <inheritdoc cref="TaskIncidents.CurrentToken"/>
    public CancellationToken CurrentToken => Incidents.CurrentToken;

    /// <inheritdoc cref="TaskIncidents.AsCancellation"/>
    public Exception AsCancellation(Exception error) =>
        _incidents?.AsCancellation(error) ?? error;

    /// <inheritdoc cref="TaskIncidents.OnThrown"/>
    public void OnThrown(OperationCanceledException error) => _incidents?.OnThrown(error, _top);

    public int Uncancel() => _incidents?.Uncancel() ?? 0;

    private void Step()
    {
        IWaitSource? wait = _wait;
        _wait = null;
        _hasStarted = true;
        _incidents?.BeforeStep(this, wait);
        if (!HasEnded)
        {
            RunFrames();
        }

        if (_incidents is { IsCancelDelivered: true } incidents)
        {
            incidents.OnDelivered(this);
        }
    }

    /// <summary>
    /// Runs the innermost frame, then what it called or what called it, until one suspends the task
    /// or the last one has ended.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void RunFrames()
    {
        // A frame that suspended the task is still the innermost, and so is a bottom that returned.
        CoroutineFrame? ran = null;
        for (CoroutineFrame top = _top; !ReferenceEquals(top, ran); top = _top)
        {
            ran = top;
            top.MoveNext();
        }
    }

    /// <summary>
    /// Goes on with the step after an exception came out of <c>MoveNext</c> itself. What a method
    /// throws goes to its builder; this was thrown before the method began, because the runtime
    /// could not load or compile it. It is the call's outcome all the same: its caller runs next.
    /// </summary>
    /// <returns>False if not even the error could be kept, as without memory.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool TryStepOn(Exception error)
    {
        while (true)
        {
            try
            {
                OnThrew(_top, error);
            }
            catch (Exception)
            {
                return false;
            }

            if (HasEnded)
            {
                return true;
            }

            try
            {
                RunFrames();
                return true;
            }
            catch (Exception next)
            {
                error = next;
            }
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

    private void Pop(CoroutineFrame frame)
    {
        Debug.Assert(ReferenceEquals(frame, _top), "frames leave in the order they came");
        if (frame.Parent is { } parent)
        {
            _top = parent;
            frame.Parent = null;
        }
    }

    private void Finish()
    {
        if (_task.IsDone)
        {
            BrokenAwaiter.ReportLateResume(_task);
            return;
        }

        CoroutineFrame bottom = _top;
        TaskIncidents? incidents = _incidents;
        ExceptionDispatchInfo? error =
            bottom.State == FrameState.Threw ? incidents!.TakeError() : null;
        if (error?.SourceException is LoopCanceledException cancellation)
        {
            cancellation.TracedAwaits = incidents!.TracedAwaits;
        }

        bool isCancelled = error is null && incidents is { MustCancel: true };
        _wait = null;
        incidents?.OnFinished();
        bottom.State = IsAwaitedByFrame ? FrameState.TaskEnded : FrameState.Taken;
        Scheduler.OnTaskFinished(this);
        if (isCancelled)
        {
            error = ExceptionDispatchInfo.Capture(incidents!.MakeCancellation());
        }

        _task.FinishFrom(bottom, error);
        if (error?.SourceException is LoopAbortException)
        {
            error.Throw();
        }
    }
}

using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// The engine of a task: steps its frames in its context, and ends it with the outcome of the
/// bottom frame. <see cref="TaskCancellation"/> has the rules of cancellation.
/// </summary>
/// <remarks>Loop thread only, except the continuation given to foreign awaitables.</remarks>
[StackTraceHidden]
internal sealed class Trampoline : FrameStack
{
    private readonly Future _task;
    private object _context;
    private RareTaskState? _rare;

    public Trampoline(
        CoroutineScheduler scheduler, Future task, CoroutineFrame bottom, LoopContext? context)
        : base(scheduler, bottom)
    {
        _task = task;
        Number = scheduler.NextTaskNumber();
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

    /// <inheritdoc/>
    internal override MessageKey MessageKey => new("step of a task", Number);

    /// <inheritdoc cref="RareTaskState.Block"/>
    public AwaitingBlock? Block
    {
        get => _rare?.Block;
        set => Rare.Block = value;
    }

    /// <inheritdoc cref="RareTaskState.Account"/>
    public LoopAccount? Account
    {
        get => _rare?.Account;
        set
        {
            if (value is not null || _rare is not null)
            {
                Rare.Account = value;
            }
        }
    }

    public LoopContext? SharedContext => _context as LoopContext;

    /// <summary>The context to enter; null while code runs in it.</summary>
    public object? ContextOutside =>
        ReferenceEquals(Scheduler.RunningStep, this) || _context is LoopContext { IsEntered: true }
            ? null
            : _context;

    public TaskCancellation Cancellation => Rare.Cancellation ??= new TaskCancellation(this);

    /// <inheritdoc cref="TaskCancellation.Requests"/>
    public int CancelRequests => _rare?.Cancellation?.Requests ?? 0;

    /// <inheritdoc cref="TaskCancellation.IsPending"/>
    public bool IsCancelPending => _rare is { Cancellation.IsPending: true };

    /// <inheritdoc/>
    internal override bool KeepsCancellation
    {
        get => _rare is { Cancellation.IsKept: true };
        set => Cancellation.IsKept = value;
    }

    /// <inheritdoc/>
    public override bool AwaitsForeign => _rare is { Foreign.IsParked: true };

    /// <inheritdoc cref="ForeignParking.Awaiter"/>
    public Type? ForeignAwaiter => _rare?.Foreign?.Awaiter;

    /// <inheritdoc/>
    public override ExceptionDispatchInfo? LastError => _rare?.LastError;

    /// <inheritdoc/>
    internal override bool IsInterrupted => _rare is { Cancellation.IsInterrupted: true };

    private RareTaskState Rare => _rare ??= new RareTaskState();

    /// <inheritdoc/>
    public override void Run()
    {
        Scheduler.EnterTask(this);
        LoopContext.Enter(_context);
        bool isCancelledBeforeStart = !HasStarted && IsCancelPending;
        if (!isCancelledBeforeStart)
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
        if (HasEnded || isCancelledBeforeStart)
        {
            Finish();
        }
        else if (_rare is not null)
        {
            _rare.LastError = null; // it was caught
        }
    }

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

    /// <inheritdoc cref="RareTaskState.IsAwaitedByFrame"/>
    public void AwaitByFrame() => Rare.IsAwaitedByFrame = true;

    public ForeignParking BeginForeignAwait()
    {
        RareTaskState rare = Rare;
        rare.Cancellation?.OnForeignAwait();
        return rare.Foreign ??= new ForeignParking(this);
    }

    /// <inheritdoc/>
    public override string? DescribeForeignAwait() => _rare?.Foreign?.DescribeAwait();

    /// <inheritdoc/>
    internal override bool IsForeignContinuation(Delegate continuation) =>
        _rare?.Foreign?.Owns(continuation) == true;

    /// <inheritdoc/>
    public override void SuspendOn(IWaitSource source)
    {
        Wait = source;
        if (_rare is { Cancellation: { IsPending: true } cancellation })
        {
            cancellation.Ask(source);
        }
    }

    /// <inheritdoc/>
    public override void ThrowIfInterrupted() => _rare?.Cancellation?.ThrowIfInterrupted();

    /// <inheritdoc/>
    internal override Exception AsCancellation(Exception error) =>
        _rare?.Cancellation?.AsCancellation(error) ?? error;

    /// <inheritdoc/>
    public override void OnThrown(OperationCanceledException error) =>
        _rare?.Cancellation?.OnThrown(error, Top!.MachineType);

    /// <inheritdoc/>
    private protected override void NoteError(Exception error) => Rare.NoteError(error);

    private void Step()
    {
        IWaitSource? wait = Wait;
        Wait = null;
        HasStarted = true;
        if (_rare is { } rare)
        {
            if (rare.Foreign is { IsParked: true } foreign)
            {
                // A pending cancellation waits for an await of ours.
                foreign.OnResumed();
            }
            else
            {
                rare.Cancellation?.BeforeStep(wait);
            }
        }

        if (!HasEnded)
        {
            RunFrames();
        }

        if (_rare is { Cancellation: { IsThrown: true } cancellation })
        {
            cancellation.OnStepEnd();
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

    private void Finish()
    {
        if (_task.IsDone)
        {
            // An ILoopAwaiter of the user's did so.
            _task.Report(
                $"{ShownText.Of(_task)} was resumed after it had ended: an awaiter must call "
                + "Resume once for each OnSuspend; this call is ignored.");
            return;
        }

        CoroutineFrame bottom = Bottom;
        ExceptionDispatchInfo? error = TakeError(bottom);
        bottom.State =
            _rare is { IsAwaitedByFrame: true } ? FrameState.TaskEnded : FrameState.Taken;
        Scheduler.OnTaskFinished(this);
        _task.FinishFrom(bottom, error, _rare?.TracedAwaits ?? 0);
        if (error?.SourceException is LoopAbortException)
        {
            error.Throw();
        }
    }

    private ExceptionDispatchInfo? TakeError(CoroutineFrame bottom)
    {
        Wait = null;
        if (_rare is not { } rare)
        {
            return null;
        }

        ExceptionDispatchInfo? thrown = rare.LastError;
        rare.LastError = null;
        rare.Cancellation?.OnTaskEnd();
        if (bottom.State != FrameState.Threw)
        {
            return IsCancelPending
                ? ExceptionDispatchInfo.Capture(rare.Cancellation!.MakeCancellation())
                : null;
        }

        Exception error = AsCancellation(thrown!.SourceException);
        if (error is LoopCanceledException cancellation)
        {
            cancellation.TracedAwaits = rare.TracedAwaits;
        }

        return ReferenceEquals(error, thrown.SourceException)
            ? thrown
            : ExceptionDispatchInfo.Capture(error);
    }
}

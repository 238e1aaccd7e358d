using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// The progress of a task's last cancellation; <see cref="TaskCancellation"/> has all transitions.
/// </summary>
internal enum CancelPhase
{
    /// <summary>None, taken back, or thrown in an earlier step.</summary>
    None,

    /// <summary>The wait is being asked; a second request means a cycle.</summary>
    Asking,

    /// <summary>The wait was asked; the await throws if that ended it.</summary>
    Asked,

    /// <summary>Thrown at the next await of ours.</summary>
    Pending,

    /// <summary>Pending, and a foreign await delivers it only with the task's token.</summary>
    PendingAgain,

    /// <summary>Thrown into the coroutine in this step.</summary>
    Thrown,

    /// <summary>
    /// Thrown in this step by a foreign await with another token, which may be linked to the task's
    /// (the coroutine cleans up) or limit one attempt (the coroutine tries again).
    /// </summary>
    ThrownInDoubt,

    /// <summary><see cref="ThrownInDoubt"/> in an earlier step.</summary>
    InDoubt,
}

/// <summary>
/// The cancellation of one task (asyncio: <c>Task.cancel</c>): asks the task's wait to end, or
/// throws at the next await. In a foreign await, which cannot be interrupted, it pends until the
/// next await of ours or until the foreign await ends with the task's token.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class TaskCancellation(FrameStack step)
{
    private CancelPhase _phase;
    private LoopCanceledException? _interrupt;
    private CancellationWatch? _watch;
    private string? _message;
    private TaskTokens _tokens;

    public int Requests { get; private set; }

    /// <summary>True while a combinator keeps it until its children have ended.</summary>
    public bool IsKept { get; set; }

    public bool IsPending => _phase is CancelPhase.Pending or CancelPhase.PendingAgain;

    public bool IsThrown => _phase is CancelPhase.Thrown or CancelPhase.ThrownInDoubt;

    public bool IsInterrupted => _interrupt is not null;

    public ITokenScope? Scope
    {
        get => _tokens.Scope;
        set => _tokens.Scope = value;
    }

    public CancellationToken CurrentToken => _tokens.Current(Requests, IsPending);

    public LoopCanceledException MakeCancellation(Exception? cause = null) => new(_message, cause);

    /// <summary>
    /// Counts a request; <see cref="Ask()"/> or <see cref="EndAsking"/> follows. False if the tasks
    /// form a cycle.
    /// </summary>
    public bool TryAccept(string? message, ITokenScope? outermost)
    {
        if (_phase == CancelPhase.Asking)
        {
            return false;
        }

        Requests++;
        _message = message;
        _phase = CancelPhase.Asking;
        _tokens.Cancel(step.Scheduler, outermost);
        return true;
    }

    public void EndAsking()
    {
        if (_phase == CancelPhase.Asking)
        {
            _phase = CancelPhase.Asked;
        }
    }

    /// <summary>Asks the wait to end; without one of ours the cancellation pends.</summary>
    public void Ask()
    {
        if (step.Wait is { } wait)
        {
            Ask(wait);
            return;
        }

        _phase = CancelPhase.Pending;
        if (step.AwaitsForeign)
        {
            BeginWatch();
        }
    }

    /// <summary>Asks a wait to end; interrupts the task unless the wait throws.</summary>
    public void Ask(IWaitSource wait)
    {
        CancelPhase before = _phase == CancelPhase.Asking ? CancelPhase.Asked : _phase;
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            // WhenAll recurses: the rest is asked a turn later.
            _phase = CancelPhase.Asked;
            step.Scheduler.Post(new LateRequest(this));
            return;
        }

        _phase = CancelPhase.Asking;
        bool throwsByItself;
        try
        {
            throwsByItself = wait.CancelWait(step, _message);
        }
        finally
        {
            _phase = before; // a user's source may throw: the next request asks again
        }

        if (!throwsByItself && step.IsQueued)
        {
            // The request can be taken back until the task resumes.
            _phase = before == CancelPhase.PendingAgain ? before : CancelPhase.Pending;
            return;
        }

        // An awaited task may swallow the cancellation: it stays the wait and can be asked again.
        _phase = CancelPhase.Asked;
        if (!throwsByItself)
        {
            _interrupt = MakeCancellation();
            step.Resume();
        }
    }

    public int Uncancel()
    {
        if (Requests > 0 && --Requests == 0)
        {
            DropPending();
        }

        _tokens.Restore(Requests);
        return Requests;
    }

    public void DropPending()
    {
        _phase = CancelPhase.None;
        _watch?.End();
    }

    public void BeforeStep(IWaitSource? wait)
    {
        if (IsPending)
        {
            _interrupt ??= MakeCancellation();
            _phase = CancelPhase.Thrown;
        }
        else if (_phase == CancelPhase.Asked)
        {
            // Else the future has swallowed the cancellation.
            _phase = _interrupt is not null || wait is not Future { ThrowsCancellation: false }
                ? CancelPhase.Thrown
                : CancelPhase.None;
        }
    }

    [StackTraceHidden]
    public void ThrowIfInterrupted()
    {
        if (_interrupt is { } interrupt)
        {
            _interrupt = null;
            throw interrupt;
        }
    }

    /// <summary>The exception delivers a pending cancellation that explains it.</summary>
    public void OnThrown(OperationCanceledException error, Type machine)
    {
        bool isInDoubt = !_tokens.Has(error.CancellationToken);
        if (IsPending && _tokens.Explain(error)
            && !(isInDoubt && _phase == CancelPhase.PendingAgain)
            && MoveNextMethod.IsThrowing(machine))
        {
            _phase = isInDoubt ? CancelPhase.ThrownInDoubt : CancelPhase.Thrown;
        }
    }

    public void OnForeignAwait()
    {
        if (_phase is CancelPhase.ThrownInDoubt or CancelPhase.InDoubt)
        {
            _phase = CancelPhase.PendingAgain;
        }

        if (IsPending)
        {
            BeginWatch();
        }
    }

    public void OnStepEnd()
    {
        _phase = _phase == CancelPhase.ThrownInDoubt ? CancelPhase.InDoubt : CancelPhase.None;
        if (!step.HasEnded && Requests > 0)
        {
            BeginWatch();
        }
    }

    public void OnTaskEnd() => _watch?.End();

    /// <summary>The exception, or the cancellation that its token stands for.</summary>
    public Exception AsCancellation(Exception error) =>
        error is OperationCanceledException cancellation and not LoopCanceledException
            && _tokens.Explain(cancellation)
            ? MakeCancellation(error)
            : error;

    private void BeginWatch()
    {
        if (step.Scheduler.Debug)
        {
            _watch ??= new CancellationWatch(this, step);
            _watch.Begin();
        }
    }

    private sealed class LateRequest(TaskCancellation cancellation) : LoopWork
    {
        /// <inheritdoc/>
        public override void Run() => cancellation.AskLate();
    }

    private void AskLate()
    {
        if (Requests > 0 && !step.HasEnded)
        {
            Ask();
        }
    }
}

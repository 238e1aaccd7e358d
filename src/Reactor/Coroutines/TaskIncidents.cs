using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// The rare state of a task: a cancellation, an exception, a foreign await, a block that waits for
/// its tasks. It is made when the first of these occurs. Most tasks never need it, such as those
/// that sleep or serve an idle connection, so they do not pay for these fields; and a step tests
/// one reference instead of each field.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class TaskIncidents
{
    /// <summary>What a frame of the task threw, until the step is over.</summary>
    public ExceptionDispatchInfo? LastError;

    /// <summary>Thrown at the await where the task stands, when it runs next.</summary>
    public LoopCanceledException? Interrupt;

    /// <summary>What the awaiters call that call once; made once.</summary>
    public Action? ForeignContinuation;

    /// <summary>The innermost block of the task that has a token of its own.</summary>
    public ITokenScope? Scope;

    /// <summary>See <see cref="Trampoline.Block"/>.</summary>
    public AwaitingBlock? Block;

    /// <summary>Debug mode's alarm, once a cancellation was thrown into the task.</summary>
    public CancellationWatch? Watch;

    /// <summary>A cancellation is pending: what the task waited for could not be ended.</summary>
    public bool MustCancel;

    /// <summary>The task asks what it waits for to end; a second request finds a cycle.</summary>
    public bool IsInterrupting;

    /// <summary>A cancellation was thrown into the task in this step.</summary>
    public bool IsCancelDelivered;

    /// <summary>See <see cref="Trampoline.IsAwaitedByFrame"/>.</summary>
    public bool IsAwaitedByFrame;

    /// <summary>See <see cref="Trampoline.KeepsCancellation"/>.</summary>
    public bool KeepsCancellation;

    // While the task is parked on something foreign: the type of the awaiter, or a ForeignAwait
    // where the awaiter might call back more than once.
    private object? _foreign;
    private OwnToken? _token;
    private bool _isCancelFresh;
    private bool _isDeliveryInDoubt;
    private bool _wasDeliveryInDoubt;

    /// <summary>How many cancellations were asked for and not taken back.</summary>
    public int CancelRequests { get; private set; }

    /// <summary>The type of the foreign awaiter on which the task is parked; else null.</summary>
    public Type? ForeignAwaiter =>
        _foreign is ForeignAwait wait ? wait.Awaiter : _foreign as Type;

    /// <summary>Awaits that <see cref="LastError"/> has passed, in this task and before.</summary>
    public int TracedAwaits { get; private set; }

    /// <summary>The message of the last one.</summary>
    public string? CancelMessage { get; private set; }

    /// <summary>
    /// The token for foreign calls of the innermost block, or of the task; made when first asked
    /// for, and again after it was cancelled and that taken back.
    /// </summary>
    public CancellationToken CurrentToken => Scope is { } scope
        ? (scope.Token ??= new OwnToken(
            MustCancel || CancelRequests > scope.CancelRequestsBefore)).Token
        : (_token ??= new OwnToken(CancelRequests > 0)).Token;

    public LoopCanceledException MakeCancellation(Exception? cause = null) =>
        new(CancelMessage, cause);

    /// <summary>Counts a request to end. What the task waits for is not asked yet.</summary>
    /// <param name="message">The message of the exception.</param>
    /// <param name="step">The step of the task.</param>
    /// <param name="outermost">The block that cancels it; null: it is cancelled as a whole.</param>
    /// <returns>
    /// False while an earlier request is on its way through what the task waits for: that waits for
    /// the task then. One of a cycle must not wait for the others, or each would ask the next for
    /// ever.
    /// </returns>
    public bool TryAcceptCancel(string? message, Trampoline step, ITokenScope? outermost)
    {
        if (IsInterrupting)
        {
            return false;
        }

        CancelRequests++;
        CancelMessage = message;
        _isCancelFresh = true;
        _isDeliveryInDoubt = false;
        _wasDeliveryInDoubt = false;
        CancelTokens(step.Scheduler, outermost);
        return true;
    }

    /// <summary>Takes a cancellation back; the number that is left.</summary>
    public int Uncancel()
    {
        if (CancelRequests > 0 && --CancelRequests == 0)
        {
            DropPending();
        }

        RestoreTokens();
        return CancelRequests;
    }

    /// <summary>
    /// Gives up a cancellation that waits to be thrown; the requests that are counted stand for
    /// others, which were thrown.
    /// </summary>
    public void DropPending()
    {
        MustCancel = false;
        _isCancelFresh = false;
        _isDeliveryInDoubt = false;
        _wasDeliveryInDoubt = false;
        Watch?.End();
    }

    /// <summary>
    /// An exception, or the cancellation that it stands for; see <see cref="IsOwn"/>.
    /// </summary>
    public Exception AsCancellation(Exception error) =>
        error is OperationCanceledException cancellation and not LoopCanceledException
            && IsOwn(cancellation)
            ? MakeCancellation(error)
            : error;

    /// <summary>What the task ends with.</summary>
    public ExceptionDispatchInfo TakeError()
    {
        Exception error = AsCancellation(LastError!.SourceException);
        return ReferenceEquals(error, LastError.SourceException)
            ? LastError
            : ExceptionDispatchInfo.Capture(error);
    }

    /// <summary>
    /// Something was thrown while a step of the task runs. It delivers a pending cancellation if it
    /// is the task's own and is thrown into the coroutine, not into an async method called by it.
    /// </summary>
    /// <remarks>
    /// With another token than the task's the delivery is in doubt: that token may be linked, and
    /// the coroutine clean up, or it is the limit of one attempt, and the coroutine tries again. It
    /// tries again if it awaits something foreign: then the cancellation pends once more, and only
    /// the task's own token or an await of ours delivers it.
    /// </remarks>
    public void OnThrown(OperationCanceledException error, CoroutineFrame running)
    {
        bool isInDoubt = !HasToken(error.CancellationToken);
        if (MustCancel && IsOwn(error) && !(isInDoubt && _wasDeliveryInDoubt)
            && ThrownPlace.IsIn(running.MachineType))
        {
            MustCancel = false;
            _isCancelFresh = false;
            IsCancelDelivered = true;
            _isDeliveryInDoubt = isInDoubt;
        }
    }

    /// <summary>The task is parked on something foreign.</summary>
    /// <param name="step">The step of the task.</param>
    /// <param name="foreign">
    /// The type of the awaiter, or a <see cref="ForeignAwait"/> where the awaiter might call back
    /// more than once.
    /// </param>
    public void BeginForeignAwait(Trampoline step, object foreign)
    {
        Debug.Assert(foreign is Type or ForeignAwait, "nothing else stands for a foreign await");
        _foreign = foreign;
        step.Scheduler.ForeignWaits?.Begin(step, step.Scheduler.RunningStep);
        if (_isDeliveryInDoubt)
        {
            _isDeliveryInDoubt = false;
            _wasDeliveryInDoubt = true;
            MustCancel = true;
        }

        if (MustCancel)
        {
            BeginWatch(step); // the cancellation waits for it
        }
    }

    /// <summary>
    /// The foreign awaiter threw instead of waiting. False if it had called back already, so that
    /// the wait stands; else the wait, if there is one, is over.
    /// </summary>
    public bool EndForeignAwait(Trampoline step)
    {
        bool isFirstEnd = _foreign is not ForeignAwait wait || wait.End();
        if (isFirstEnd)
        {
            _foreign = null;
            step.Scheduler.ForeignWaits?.End(step);
        }

        return isFirstEnd;
    }

    /// <summary>A frame threw; see <see cref="TraceLimit"/>.</summary>
    public void NoteError(Exception error)
    {
        if (ReferenceEquals(LastError?.SourceException, error))
        {
            TracedAwaits++;
        }
        else
        {
            (TracedAwaits, LastError) = TraceLimit.TakeRethrow(error);
        }

        if (TracedAwaits < TraceLimit.AwaitsMax || LastError is null)
        {
            LastError = ExceptionDispatchInfo.Capture(error);
        }
    }

    /// <summary>The task goes on after a wait, or begins.</summary>
    public void BeforeStep(Trampoline step, IWaitSource? wait)
    {
        if (_foreign is not null)
        {
            // Its GetResult does not ask us, so a pending cancellation waits for an await of ours.
            (_foreign as ForeignAwait)?.End();
            _foreign = null;
            step.Scheduler.ForeignWaits?.End(step);
            return;
        }

        if (MustCancel)
        {
            MustCancel = false;
            Interrupt ??= MakeCancellation();
        }

        if (_isCancelFresh)
        {
            // What we waited for may have swallowed it; then it never reaches this task.
            _isCancelFresh = false;
            IsCancelDelivered = Interrupt is not null
                || wait is not Future { ThrowsCancellation: false };
        }
    }

    /// <summary>
    /// Asks what the task waits for to end the wait, and interrupts the task itself if that does
    /// not throw by itself.
    /// </summary>
    public void InterruptWait(IWaitSource wait, Trampoline step)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            // A source that asks others, as WhenAll does, calls us again for each of those.
            MustCancel = false;
            step.Scheduler.Post(new LateInterrupt(step));
            return;
        }

        // A future that becomes cancelled posts the step, and throws by itself. It may be a task
        // that swallows the cancellation, so it stays the wait and can be cancelled again.
        IsInterrupting = true;
        bool throwsByItself;
        try
        {
            throwsByItself = wait.CancelWait(step, CancelMessage);
        }
        finally
        {
            IsInterrupting = false; // a source of the user's may throw: the next request asks again
        }

        // A wait that is over already is not cut short: until the task resumes, the cancellation
        // can be taken back.
        MustCancel = !throwsByItself && step.IsQueued;
        if (!throwsByItself && !step.IsQueued)
        {
            Interrupt = MakeCancellation();
            step.Resume();
        }
    }

    /// <summary>
    /// The request waits for the next step. In debug mode that is watched where it may be long.
    /// </summary>
    public void Postpone(Trampoline step)
    {
        MustCancel = true;
        if (_foreign is not null)
        {
            BeginWatch(step);
        }
    }

    /// <summary>Asks again in the next turn, if the request still stands then.</summary>
    private void InterruptLate(Trampoline step)
    {
        if (CancelRequests == 0 || step.Top is null)
        {
            return;
        }

        _isCancelFresh = true;
        if (step.Wait is { } wait)
        {
            InterruptWait(wait, step);
        }
        else
        {
            Postpone(step);
        }
    }

    /// <summary>The task was cancelled, and has suspended again or ended since.</summary>
    public void OnDelivered(Trampoline step)
    {
        IsCancelDelivered = false;
        if (step.Top is not null && CancelRequests > 0)
        {
            BeginWatch(step);
        }
    }

    public void OnFinished()
    {
        LastError = null;
        Watch?.End();
    }

    private void BeginWatch(Trampoline step)
    {
        if (step.Scheduler.Debug)
        {
            Watch ??= new CancellationWatch(step, (Future)step.Owner);
            Watch.Begin();
        }
    }

    /// <summary>
    /// True if a cancelled token of the task, or of one of its blocks, explains the exception; see
    /// <see cref="OwnToken.Explains"/>.
    /// </summary>
    private bool IsOwn(OperationCanceledException error) =>
        OwnTokens().Any(own => own.Explains(error));

    /// <summary>True for the token of the task, or of one of its blocks.</summary>
    private bool HasToken(CancellationToken token) => OwnTokens().Any(own => own.Token == token);

    /// <summary>
    /// The tokens that were asked for: of the blocks, innermost first, and of the task.
    /// </summary>
    private IEnumerable<OwnToken> OwnTokens()
    {
        for (ITokenScope? scope = Scope; scope is not null; scope = scope.Outer)
        {
            if (scope.Token is { } own)
            {
                yield return own;
            }
        }

        if (_token is { } token)
        {
            yield return token;
        }
    }

    private void CancelTokens(CoroutineScheduler scheduler, ITokenScope? outermost)
    {
        for (ITokenScope? scope = Scope; scope is not null; scope = scope.Outer)
        {
            scope.Token?.Cancel(scheduler);
            if (ReferenceEquals(scope, outermost))
            {
                return;
            }
        }

        _token?.Cancel(scheduler);
    }

    private void RestoreTokens()
    {
        for (ITokenScope? scope = Scope; scope is not null; scope = scope.Outer)
        {
            if (CancelRequests <= scope.CancelRequestsBefore
                && scope.Token is { IsCancelled: true } token && !token.TryRestore())
            {
                scope.Token = null;
            }
        }

        if (CancelRequests == 0 && _token is { IsCancelled: true } own && !own.TryRestore())
        {
            _token = null;
        }
    }

    private sealed class LateInterrupt(Trampoline step) : LoopWork
    {
        /// <inheritdoc/>
        public override void Run() => step.Incidents.InterruptLate(step);
    }
}

using System.Runtime.ExceptionServices;

namespace Reactor;

/// <summary>
/// What befalls few tasks: a cancellation, an exception, a foreign await, a block that waits for
/// its tasks. A <see cref="Trampoline"/> has one from the first of these on. Most never do, and a
/// million that sleep, or one for each idle connection, are shorter by seven words; and a step
/// looks at one reference, not at each of these.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class TaskIncidents
{
    /// <summary>
    /// An exception's trace grows for the innermost awaits only; above them it is rethrown from one
    /// snapshot. A trace that grew at each of 200,000 awaits would cost the square of that.
    /// </summary>
    private const int TracedAwaitsMax = 64;

    /// <summary>What a frame of the task threw, until the step is over.</summary>
    public ExceptionDispatchInfo? LastError;

    /// <summary>Thrown at the await where the task stands, when it runs next.</summary>
    public LoopCanceledException? Interrupt;

    /// <summary>What foreign awaitables call; made once.</summary>
    public Action? ForeignContinuation;

    /// <summary>See <see cref="Trampoline.Block"/>.</summary>
    public AwaitingBlock? Block;

    /// <summary>Debug mode's alarm, once a cancellation was thrown into the task.</summary>
    public CancellationWatch? Watch;

    /// <summary>A cancellation is pending: what the task waited for could not be ended.</summary>
    public bool MustCancel;

    /// <summary>The task is parked on something that is none of ours.</summary>
    public bool AwaitsForeign;

    /// <summary>The task asks what it waits for to end; a second request finds a cycle.</summary>
    public bool IsInterrupting;

    /// <summary>A cancellation was thrown into the task in this step.</summary>
    public bool IsCancelDelivered;

    /// <summary>See <see cref="Trampoline.IsAwaitedByFrame"/>.</summary>
    public bool IsAwaitedByFrame;

    /// <summary>See <see cref="Trampoline.KeepsCancellation"/>.</summary>
    public bool KeepsCancellation;

    private int _tracedAwaits;
    private bool _isCancelFresh;

    /// <summary>How many cancellations were asked for and not taken back.</summary>
    public int CancelRequests { get; private set; }

    /// <summary>The message of the last one.</summary>
    public string? CancelMessage { get; private set; }

    public LoopCanceledException MakeCancellation() => new(CancelMessage);

    public void NoteCancel(string? message)
    {
        CancelRequests++;
        CancelMessage = message;
        _isCancelFresh = true;
    }

    /// <summary>Takes a cancellation back; the number that is left.</summary>
    public int Uncancel()
    {
        if (CancelRequests > 0 && --CancelRequests == 0)
        {
            MustCancel = false;
            _isCancelFresh = false;
            Watch?.End();
        }

        return CancelRequests;
    }

    /// <summary>A frame threw.</summary>
    public void NoteError(Exception error)
    {
        if (!ReferenceEquals(LastError?.SourceException, error))
        {
            _tracedAwaits = 0;
            LastError = ExceptionDispatchInfo.Capture(error);
        }
        else if (++_tracedAwaits < TracedAwaitsMax)
        {
            LastError = ExceptionDispatchInfo.Capture(error);
        }
    }

    /// <summary>The task goes on after a wait, or begins.</summary>
    public void BeforeStep(IWaitSource? wait)
    {
        if (AwaitsForeign)
        {
            // Its GetResult does not ask us, so a pending cancellation waits for an await of ours.
            AwaitsForeign = false;
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

    public void OnFinished()
    {
        LastError = null;
        Watch?.End();
    }
}

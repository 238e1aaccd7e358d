using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Reactor.Drivers;

/// <summary>
/// One operation that a driver has in flight for a socket: a wait for readability, a send, an
/// accept, a connect. It is reused: at most one of a kind is in flight on a socket. Nearly always
/// one task waits for it; a second one joins, and both are posted when it ends.
/// </summary>
/// <remarks>
/// Loop thread only. Cancelling the waiting task takes the waiter away and leaves the operation in
/// flight: a wait for readability moves no bytes, so nothing is lost, and the next wait joins the
/// one that is there. This spares a cancellation token, and its registration, for each receive.
/// </remarks>
public abstract class DriverOperation : IWaitSource
{
    // Null, one LoopWork, or a WaiterLine of several: a second field would lie in every connection.
    private object? _waiters;
    private SocketError _result;

    /// <summary>True from <see cref="Begin"/> until <see cref="Complete"/>.</summary>
    public bool IsInFlight { get; private set; }

    /// <summary>The outcome of the last completed operation.</summary>
    internal SocketError Result => _result;

    /// <summary>
    /// Marks the operation as in flight; the driver calls it before it asks the kernel.
    /// </summary>
    protected internal void Begin()
    {
        Debug.Assert(!IsInFlight, "one operation of a kind is in flight on a socket");
        IsInFlight = true;
    }

    /// <summary>
    /// Ends the operation and posts who waits for it. From inside the poll; runs no user code.
    /// </summary>
    protected internal void Complete(SocketError result)
    {
        Debug.Assert(IsInFlight, "only what is in flight can complete");
        IsInFlight = false;
        _result = result;
        ReleaseWaiters();
    }

    /// <summary>
    /// Posts who waits, although nothing has happened; the operation stays in flight.
    /// </summary>
    internal void ReleaseWaiters()
    {
        if (_waiters is not { } waiters)
        {
            return;
        }

        _waiters = null;
        if (waiters is WaiterLine line)
        {
            line.ForEach(Post);
        }
        else
        {
            Post(Unsafe.As<LoopWork>(waiters)); // nothing else is ever stored
        }
    }

    /// <summary>Ends the operation where it began, without waiting.</summary>
    protected internal void CompleteAtOnce(SocketError result)
    {
        IsInFlight = false;
        _result = result;
    }

    /// <summary>Hands a waiter to the loop.</summary>
    protected abstract void Post(LoopWork waiter);

    /// <inheritdoc/>
    public bool CancelWait(TaskStep waiter, string? message)
    {
        if (ReferenceEquals(_waiters, waiter))
        {
            _waiters = null;
        }
        else
        {
            (_waiters as WaiterLine)?.Remove(waiter);
        }

        return false;
    }

    internal void SetWaiter(LoopWork waiter)
    {
        switch (_waiters)
        {
            case null:
                _waiters = waiter;
                break;
            case WaiterLine line:
                line.Add(waiter);
                break;
            default:
                _waiters = new WaiterLine { Unsafe.As<LoopWork>(_waiters), waiter };
                break;
        }
    }

    /// <summary>Those who wait for one operation, in the order they came.</summary>
    private sealed class WaiterLine : List<LoopWork>;
}

/// <summary>
/// Awaits a <see cref="DriverOperation"/>; the result is a <see cref="SocketError"/>, never an
/// exception. Allocates nothing.
/// </summary>
[StackTraceHidden]
public readonly struct OperationAwaitable : ILoopAwaiter<OperationAwaitable>
{
    private readonly DriverOperation _operation;

    /// <summary>An awaitable for what is in flight, or has just ended.</summary>
    public OperationAwaitable(DriverOperation operation) => _operation = operation;

    /// <summary>
    /// An operation that has ended with <c>OperationAborted</c>: for whoever waits for something
    /// that was closed before.
    /// </summary>
    internal static OperationAwaitable Aborted { get; } = new(
        new EndedOperation(SocketError.OperationAborted));

    /// <summary>
    /// An operation that has ended with <c>Success</c>: for whoever need not wait.
    /// </summary>
    public static OperationAwaitable Done { get; } = new(new EndedOperation(SocketError.Success));

    /// <summary>True if nothing is in flight: the outcome is there.</summary>
    public bool IsCompleted => !_operation.IsInFlight;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public OperationAwaitable GetAwaiter() => this;

    /// <summary>How the operation ended.</summary>
    /// <exception cref="LoopCanceledException">The waiting task was cancelled.</exception>
    public SocketError GetResult()
    {
        TaskStep.Current?.ThrowIfInterrupted();
        return _operation.Result;
    }

    /// <summary>Posts who waits for the operation, which stays in flight.</summary>
    internal void ReleaseWaiters() => _operation.ReleaseWaiters();

    /// <summary>Has work posted when the operation ends; at once if it has ended.</summary>
    /// <param name="work">What to run; in a later turn in either case.</param>
    /// <param name="scheduler">Who runs it.</param>
    internal void Post(LoopWork work, CoroutineScheduler scheduler)
    {
        if (IsCompleted)
        {
            scheduler.Post(work);
        }
        else
        {
            _operation.SetWaiter(work);
        }
    }

    /// <inheritdoc/>
    public void OnSuspend(TaskStep step)
    {
        Debug.Assert(!IsCompleted, "who asks first does not suspend");
        _operation.SetWaiter(step);
        step.SuspendOn(_operation);
    }

    /// <summary>
    /// Runs a continuation in a later turn, once the operation has ended; one that has ended
    /// already is as good. Loop thread only.
    /// </summary>
    /// <exception cref="InvalidOperationException">No loop runs on this thread.</exception>
    public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation)
    {
        CoroutineScheduler scheduler = CoroutineScheduler.Current
            ?? throw new InvalidOperationException("A socket can only be awaited on its loop.");
        Post(new ContinuationHandle(scheduler, continuation), scheduler);
    }

    private sealed class EndedOperation : DriverOperation
    {
        public EndedOperation(SocketError result) => CompleteAtOnce(result);

        protected override void Post(LoopWork waiter) =>
            throw new UnreachableException("what has ended is not waited for");
    }
}

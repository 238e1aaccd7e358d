using System.ComponentModel;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Reactor.Drivers;

/// <summary>
/// A reusable operation of a socket, such as a wait for readability or a send. At most one of a
/// kind is in flight; several waiters can join it.
/// </summary>
/// <remarks>
/// Loop thread only. Cancelling a waiter leaves the operation in flight for the next waiter.
/// </remarks>
public abstract class DriverOperation : IWaitSource
{
    // Null, a LoopWork, or a WaiterLine: one field, as every connection has it.
    private object? _waiters;

    /// <summary>True from <see cref="Begin"/> until <see cref="Complete"/>.</summary>
    public bool IsInFlight { get; private set; }

    internal SocketError Result { get; private set; }

    internal bool HasWaiters => _waiters is not null and not WaiterLine { Count: 0 };

    /// <summary>Marks the operation as in flight.</summary>
    protected internal void Begin()
    {
        Debug.Assert(!IsInFlight, "one operation of a kind is in flight on a socket");
        IsInFlight = true;
    }

    /// <summary>Ends the operation and posts its waiters. Called inside the poll.</summary>
    protected internal void Complete(SocketError result)
    {
        Debug.Assert(IsInFlight, "only what is in flight can complete");
        CompleteAtOnce(result);
        ReleaseWaiters();
    }

    internal void CompleteIfInFlight(SocketError result)
    {
        if (IsInFlight)
        {
            Complete(result);
        }
    }

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

    /// <summary>Sets the outcome of an operation without a waiter; posts nothing.</summary>
    protected internal void CompleteAtOnce(SocketError result)
    {
        IsInFlight = false;
        Result = result;
    }

    /// <summary>Posts a waiter to the loop.</summary>
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
        if (_waiters is WaiterLine line)
        {
            line.Add(waiter);
        }
        else
        {
            _waiters = _waiters is null
                ? waiter
                : new WaiterLine { Unsafe.As<LoopWork>(_waiters), waiter };
        }
    }

    private sealed class WaiterLine : List<LoopWork>;
}

/// <summary>
/// Awaits a <see cref="DriverOperation"/>; the result is a <see cref="SocketError"/>. Allocates
/// nothing.
/// </summary>
[StackTraceHidden]
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct OperationAwaitable : ILoopAwaiter<OperationAwaitable>
{
    private readonly DriverOperation _operation;

    /// <summary>Awaits an operation that is in flight or has ended.</summary>
    public OperationAwaitable(DriverOperation operation) => _operation = operation;

    /// <summary>Has ended with <c>OperationAborted</c>.</summary>
    internal static OperationAwaitable Aborted { get; } = new(
        new EndedOperation(SocketError.OperationAborted));

    /// <summary>Has ended with <c>Success</c>.</summary>
    public static OperationAwaitable Done { get; } = new(new EndedOperation(SocketError.Success));

    /// <summary>True if the outcome is known.</summary>
    public bool IsCompleted => !_operation.IsInFlight;

    internal SocketError Result => _operation.Result;

    /// <summary>For <c>await</c>. Loop thread only.</summary>
    public OperationAwaitable GetAwaiter() => this;

    /// <summary>How the operation ended.</summary>
    /// <exception cref="LoopCanceledException">The waiting task was cancelled.</exception>
    public SocketError GetResult()
    {
        TaskStep.Current?.ThrowIfInterrupted();
        return _operation.Result;
    }

    internal void ReleaseWaiters() => _operation.ReleaseWaiters();

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
        Debug.Assert(!IsCompleted, "a caller that checks first does not suspend");
        _operation.SetWaiter(step);
        step.SuspendOn(_operation);
    }

    /// <summary>
    /// Runs a continuation in a later turn, once the operation has ended.
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

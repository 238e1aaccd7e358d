using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>How far a frame has come.</summary>
internal enum FrameState
{
    /// <summary>The method was called; nothing of it has run.</summary>
    Cold,

    /// <summary>It stands on the stack of a task.</summary>
    OnStack,

    /// <summary>It returned, and its result has not been taken.</summary>
    Returned,

    /// <summary>It threw; the exception is with the trampoline until the caller takes it.</summary>
    Threw,

    /// <summary>
    /// A plain async method awaits it, for which it was made a task, and that has ended; the
    /// outcome is the task's.
    /// </summary>
    TaskEnded,

    /// <summary>Its outcome was taken.</summary>
    Taken,

    /// <summary>It lies in the pool: nobody may run it, whoever still refers to it.</summary>
    Pooled,
}

/// <summary>
/// One activation of a coroutine method: the compiler's state machine, on the heap from the start,
/// linked to the frame that awaits it. The frames of a task are its explicit stack.
/// </summary>
/// <remarks>
/// A frame may serve another call once the outcome of this one was taken, see
/// <see cref="FramePool{TStateMachine}"/>. So whoever refers to a call from outside the stack, as
/// the coroutine struct does, has its ticket beside the frame. The task stays a field of the frame:
/// to ask the thread for the step that runs was tried, and made a nested await 6 ns longer.
/// </remarks>
internal abstract class CoroutineFrame
{
    /// <summary>The frame that awaits this one; null at the bottom of the stack.</summary>
    public CoroutineFrame? Parent;

    /// <summary>The task on whose stack this frame stands.</summary>
    public Trampoline? Owner;

    private const int StateMask = 7;
    private const int ReusedBit = 8;
    private const int TicketStep = 16;
    private const int LastTicket = int.MaxValue & ~(TicketStep - 1);

    // From the lowest bit: the state, whether the frame is used again, the number of the call.
    private int _stamp;

    /// <summary>How far it has come.</summary>
    public FrameState State
    {
        get => (FrameState)(_stamp & StateMask);
        set => _stamp = Ticket | (int)value;
    }

    /// <summary>Which call it is; a frame that serves another one has another ticket.</summary>
    public int Ticket => _stamp & ~StateMask;

    /// <summary>Has the frame, which is new, serve other calls after this one.</summary>
    public void UseAgain() => _stamp |= ReusedBit;

    /// <summary>
    /// Makes a call that nobody awaited one that nobody can await (asyncio: <c>coro.close()</c>).
    /// </summary>
    public void Discard()
    {
        if (State == FrameState.Cold)
        {
            State = FrameState.Taken;
        }
    }

    /// <summary>The outcome was taken; the method has left the stack.</summary>
    public void Release()
    {
        State = FrameState.Taken;
        if ((_stamp & ReusedBit) != 0 && _stamp < LastTicket)
        {
            ReturnToPool();
        }
    }

    /// <summary>Clears the frame and lets it serve another call, where there is a pool.</summary>
    protected virtual void ReturnToPool()
    {
    }

    /// <summary>
    /// From now on it is another call's. No ticket comes twice: with the last one the frame is used
    /// up.
    /// </summary>
    protected void Renew() => _stamp = (Ticket + TicketStep) | (int)FrameState.Pooled;

    /// <summary>The name of the coroutine method, with its type.</summary>
    public virtual string MethodName => StateMachineName.Of(MachineType);

    /// <summary>The type that the compiler made of the coroutine method.</summary>
    public abstract Type MachineType { get; }

    /// <summary>
    /// The number of the await at which the method stands, negative before the first and while it
    /// runs; null if it cannot be had. By reflection: for diagnostics only.
    /// </summary>
    public abstract int? ReadMachineState();

    /// <summary>
    /// The object in whose method it runs; null if there is none or it cannot be had. By
    /// reflection: for diagnostics only. Any thread.
    /// </summary>
    public virtual object? ReadThis() => null;

    /// <summary>
    /// Runs the method until its next await, return or throw. The compiler hands what the method
    /// throws to the builder; this throws only what kept the method from beginning, as when the
    /// runtime cannot load or compile it. The frame is then the innermost one.
    /// </summary>
    public abstract void MoveNext();
}

/// <summary>A frame with room for its result.</summary>
[StackTraceHidden]
internal abstract class CoroutineFrame<T> : CoroutineFrame
{
    public T Result = default!;

    /// <summary>Hands the result to the caller, or throws what the method threw.</summary>
    public T TakeResult()
    {
        if (State != FrameState.Returned)
        {
            return TakeOther();
        }

        T result = Result;
        Release();
        return result;
    }

    // Optimized from the first call: each call of ours between two awaits of a failing stack is
    // unwound twice, and stands in the trace that is copied at every await above.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private T TakeOther()
    {
        switch (State)
        {
            case FrameState.Threw:
                Trampoline owner = Owner!;
                Release();
                owner.RethrowLastError();
                return default!;
            case FrameState.TaskEnded:
                State = FrameState.Taken;
                return ((Future<T>)Owner!.Owner).Result;
            case FrameState.OnStack:
                throw new InvalidOperationException("The coroutine is being awaited already.");
            case FrameState.Cold:
                throw new InvalidOperationException(
                    "A coroutine can only be awaited where an event loop runs; from elsewhere " +
                    "use loop.Submit or loop.RunUntilComplete.");
            default:
                throw MakeReuse();
        }
    }

    /// <summary>What is wrong where a coroutine is awaited again.</summary>
    public static InvalidOperationException MakeReuse() =>
        new("Cannot reuse already awaited coroutine.");
}

/// <summary>
/// A frame around the state machine of one coroutine method; debug mode has one that tells more.
/// </summary>
internal class CoroutineFrame<
    [DynamicallyAccessedMembers(StateMachineState.Members)] TStateMachine, T> : CoroutineFrame<T>
    where TStateMachine : IAsyncStateMachine
{
    public TStateMachine Machine = default!;

    /// <inheritdoc/>
    public override Type MachineType => typeof(TStateMachine);

    /// <inheritdoc/>
    public override int? ReadMachineState() =>
        StateMachineState.Read(typeof(TStateMachine), Machine);

    /// <inheritdoc/>
    public override object? ReadThis() =>
        StateMachineState.ReadThis(typeof(TStateMachine), Machine);

    /// <inheritdoc/>
    public override void MoveNext() => Machine.MoveNext();

    /// <inheritdoc/>
    protected override void ReturnToPool()
    {
        if (CallTracking.IsOn || !FramePool<TStateMachine>.Of(Owner!.Scheduler).TryAdd(this))
        {
            return;
        }

        Renew();
        Machine = default!; // what the call held must not live as long as the pool
        Result = default!;
        Owner = null;
    }
}

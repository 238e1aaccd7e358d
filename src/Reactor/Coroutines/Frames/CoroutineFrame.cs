using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>The life of a frame, in order.</summary>
internal enum FrameState
{
    /// <summary>The method was called and has not run.</summary>
    Cold,

    /// <summary>It is on the stack of a task.</summary>
    OnStack,

    /// <summary>It returned; the caller has not taken the result.</summary>
    Returned,

    /// <summary>It threw; the stack has the exception until the caller takes it.</summary>
    Threw,

    /// <summary>Its task, which a plain async method awaits, has the outcome.</summary>
    TaskEnded,

    /// <summary>The caller took the outcome.</summary>
    Taken,

    /// <summary>It is in the pool; old references to it are refused.</summary>
    Pooled,
}

/// <summary>
/// One activation of a coroutine method: the state machine, on the heap from the start, linked to
/// the frame that awaits it.
/// </summary>
/// <remarks>
/// A reused frame has another ticket, which references from outside the stack compare. The owner is
/// a field: asking the thread for the running step made a nested await 6 ns longer.
/// </remarks>
internal abstract class CoroutineFrame
{
    /// <summary>The awaiting frame; null at the bottom.</summary>
    public CoroutineFrame? Parent;

    public FrameStack? Owner;

    private const int StateMask = 7;
    private const int ReusedBit = 8;
    private const int TicketStep = 16;
    private const int LastTicket = int.MaxValue & ~(TicketStep - 1);

    // From the lowest bit: the state, whether the frame is reused, the number of the call.
    private int _stamp;

    public FrameState State
    {
        get => (FrameState)(_stamp & StateMask);
        set => _stamp = Ticket | (int)value;
    }

    public int Ticket => _stamp & ~StateMask;

    public void UseAgain() => _stamp |= ReusedBit;

    /// <summary>Ends a call that was not awaited (asyncio: <c>coro.close()</c>).</summary>
    public void Discard()
    {
        if (State == FrameState.Cold)
        {
            State = FrameState.Taken;
        }
    }

    public void Release()
    {
        State = FrameState.Taken;
        if ((_stamp & ReusedBit) != 0 && _stamp < LastTicket)
        {
            ReturnToPool();
        }
    }

    protected virtual void ReturnToPool()
    {
    }

    /// <summary>Gives the frame its next ticket; after the last one it is not reused.</summary>
    protected void Renew() => _stamp = (Ticket + TicketStep) | (int)FrameState.Pooled;

    public virtual string MethodName => StateMachineName.Of(MachineType);

    public abstract Type MachineType { get; }

    /// <summary>
    /// The number of the await at which the method is suspended, negative before the first and
    /// while it runs; null if unknown. By reflection.
    /// </summary>
    public abstract int? ReadMachineState();

    /// <summary>The object of the method, or null. By reflection. Any thread.</summary>
    public virtual object? ReadThis() => null;

    /// <summary>
    /// Runs the method until its next await, return or throw. Throws only what kept the method from
    /// beginning, such as a type that cannot be loaded.
    /// </summary>
    public abstract void MoveNext();

    /// <summary>
    /// The await of this innermost frame, as <c> at File.cs:12 in Type.Method</c>, without the
    /// library's own coroutines on top.
    /// </summary>
    public string DescribePlace()
    {
        CoroutineFrame frame = this;
        while (frame.Parent is { } caller
            && frame.MachineType.Assembly == typeof(CoroutineFrame).Assembly)
        {
            frame = caller;
        }

        string place = SourcePlaces.Find(frame.MachineType, frame.ReadMachineState()) is { } at
            ? $" at {Path.GetFileName(at.File)}:{at.Line}"
            : "";
        return $"{place} in {frame.MethodName}";
    }

    public static InvalidOperationException MakeReuse() =>
        new("Cannot reuse already awaited coroutine.");
}

/// <summary>The owner of a stack, as the source of the bottom frame's outcome.</summary>
internal interface IFrameOutcome<T>
{
    T Result { get; }
}

[StackTraceHidden]
internal abstract class CoroutineFrame<T> : CoroutineFrame
{
    public T Result = default!;

    /// <summary>Gives the result to the caller, or throws what the method threw.</summary>
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

    // Optimized from the first call: each method of ours on a failing stack is unwound twice, and
    // stays in the trace that every await copies.
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private T TakeOther()
    {
        switch (State)
        {
            case FrameState.Threw:
                FrameStack owner = Owner!;
                Release();
                owner.LastError!.Throw();
                return default!;
            case FrameState.TaskEnded:
                State = FrameState.Taken;
                return ((IFrameOutcome<T>)Owner!.Owner).Result;
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
}

/// <summary>A frame around the state machine of one coroutine method.</summary>
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
        Machine = default!; // what the call referred to must not live as long as the pool
        Result = default!;
        Owner = null;
    }
}

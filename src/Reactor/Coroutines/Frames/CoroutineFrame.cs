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

    /// <summary>It returned; the result is not taken.</summary>
    Returned,

    /// <summary>It threw; the stack has the exception.</summary>
    Threw,

    /// <summary>A plain async method awaits its task, which has the outcome.</summary>
    TaskEnded,

    /// <summary>The caller took the outcome.</summary>
    Taken,

    /// <summary>It is in the pool.</summary>
    Pooled,
}

/// <summary>
/// One activation of a coroutine method: its state machine, linked to the awaiting frame.
/// </summary>
/// <remarks>
/// A reused frame has another ticket, which references from outside the stack compare. The owner is
/// a field, because asking the thread for the running step costs 6 ns an await.
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

    // From the lowest bit: the state, the reused bit, the number of the call.
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

    protected void Renew() => _stamp = (Ticket + TicketStep) | (int)FrameState.Pooled;

    public virtual string MethodName => StateMachineName.Of(MachineType);

    public abstract Type MachineType { get; }

    /// <summary>True for a coroutine of this library.</summary>
    public virtual bool IsOurs => FrameOrigin.IsOurs(MachineType);

    /// <summary>
    /// The number of the await at which the method is suspended, negative if it is not; null if
    /// unknown.
    /// </summary>
    public abstract int? ReadMachineState();

    /// <summary>
    /// As <see cref="ReadMachineState"/>, negative if unknown; reads a field, without reflection.
    /// </summary>
    public virtual int ReadMachineNumber() => ReadMachineState() ?? -1;

    /// <summary>The object of the method, or null. Any thread.</summary>
    public virtual object? ReadThis() => null;

    /// <summary>
    /// Runs the method until its next await, return or throw. Throws only if the method could not
    /// begin, for example if a type cannot be loaded.
    /// </summary>
    public abstract void MoveNext();

    /// <summary>
    /// The await of this innermost frame, as <c> at File.cs:12 in Type.Method</c>; skips the
    /// library's own coroutines.
    /// </summary>
    public string DescribePlace()
    {
        CoroutineFrame frame = SkipOurs();
        string place = SourcePlaces.Find(frame.MachineType, frame.ReadMachineState()) is { } at
            ? $" at {Path.GetFileName(at.File)}:{at.Line}"
            : "";
        return $"{place} in {frame.MethodName}";
    }

    /// <summary>The innermost frame from here that is none of this library's.</summary>
    public CoroutineFrame SkipOurs()
    {
        CoroutineFrame frame = this;
        while (frame.Parent is { } caller && frame.IsOurs)
        {
            frame = caller;
        }

        return frame;
    }

    public static InvalidOperationException MakeReuse() =>
        new("Cannot reuse already awaited coroutine.");
}

/// <summary>The owner of a stack, which has the bottom frame's outcome.</summary>
internal interface IFrameOutcome<T>
{
    T Result { get; }
}

[StackTraceHidden]
internal abstract class CoroutineFrame<T> : CoroutineFrame
{
    public T Result = default!;

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

    // Optimized from the first call: it is unwound twice, and is in the trace that awaits copy.
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

internal class CoroutineFrame<
    [DynamicallyAccessedMembers(StateMachineState.Members)] TStateMachine, T> : CoroutineFrame<T>
    where TStateMachine : IAsyncStateMachine
{
    public TStateMachine Machine = default!;

    /// <inheritdoc/>
    public override Type MachineType => typeof(TStateMachine);

    /// <inheritdoc/>
    public override bool IsOurs => FrameOrigin<TStateMachine>.IsOurs;

    /// <inheritdoc/>
    public override int? ReadMachineState() =>
        StateMachineState.Read(typeof(TStateMachine), Machine);

    /// <inheritdoc/>
    public override int ReadMachineNumber() => StateMachineNumber<TStateMachine>.Read(ref Machine);

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
        Machine = default!; // the pool must not keep what the call referred to
        Result = default!;
        Owner = null;
    }
}

/// <summary>Whether a state machine is of this library.</summary>
internal static class FrameOrigin
{
    public static bool IsOurs(Type machine) => machine.Assembly == typeof(FrameOrigin).Assembly;
}

/// <summary>The same, found once for each type; apart, so that no frame checks for it.</summary>
internal static class FrameOrigin<TStateMachine>
{
    public static readonly bool IsOurs = FrameOrigin.IsOurs(typeof(TStateMachine));
}

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
}

/// <summary>
/// One activation of a coroutine method: the compiler's state machine, on the heap from the start,
/// linked to the frame that awaits it. The frames of a task are its explicit stack.
/// </summary>
/// <remarks>
/// Nothing here is pooled. A frame may be reused only behind the version in the coroutine struct,
/// so that a second await still throws; until a benchmark asks for it, the collector does it.
/// </remarks>
internal abstract class CoroutineFrame
{
    /// <summary>The frame that awaits this one; null at the bottom of the stack.</summary>
    public CoroutineFrame? Parent;

    /// <summary>The task on whose stack this frame stands.</summary>
    public Trampoline? Owner;

    public FrameState State;

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
    /// Runs the method until its next await, return or throw. Never throws itself: the compiler
    /// hands what the method throws to the builder.
    /// </summary>
    public abstract void MoveNext();
}

/// <summary>A frame with room for its result.</summary>
internal abstract class CoroutineFrame<T> : CoroutineFrame
{
    public T Result = default!;

    /// <summary>Hands the result to the caller, or throws what the method threw.</summary>
    public T TakeResult()
    {
        switch (State)
        {
            case FrameState.Returned:
                State = FrameState.Taken;
                return Result;
            case FrameState.Threw:
                State = FrameState.Taken;
                Owner!.RethrowLastError();
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
                throw new InvalidOperationException("Cannot reuse already awaited coroutine.");
        }
    }
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
    public override void MoveNext() => Machine.MoveNext();
}

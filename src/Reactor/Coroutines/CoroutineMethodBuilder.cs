using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// The method builder of <c>async Coroutine&lt;T&gt;</c> methods. Unlike <c>Task</c>'s, <see
/// cref="Start"/> does not run the machine, and an await needs no delegate.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[StackTraceHidden]
public struct CoroutineMethodBuilder<T>
{
    private CoroutineFrame<T>? _frame;

    private readonly Trampoline Trampoline => (Trampoline)_frame!.Owner!;

    /// <summary>The coroutine that the method returns.</summary>
    public readonly Coroutine<T> Task => new(_frame!);

    /// <summary>Called by the compiler.</summary>
#pragma warning disable CA1000 // the compiler asks for exactly this member
    public static CoroutineMethodBuilder<T> Create() => default;
#pragma warning restore CA1000

    /// <summary>Stores the state machine in a new frame; runs no code of the method.</summary>
    public void Start<[DynamicallyAccessedMembers(StateMachineState.Members)] TStateMachine>(
        ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine
    {
        CoroutineFrame<TStateMachine, T> frame = CallTracking.IsOn
            ? CallTracking.NewFrame<TStateMachine, T>()
            : TakeFrame<TStateMachine>();
        // The builder lies inside the machine, so this precedes the copy.
        _frame = frame;
        frame.Machine = stateMachine;
    }

#pragma warning disable CA1822 // the compiler asks for an instance member
    /// <summary>Not called, because no state machine is boxed.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }
#pragma warning restore CA1822

    private static CoroutineFrame<TStateMachine, T> TakeFrame<
        [DynamicallyAccessedMembers(StateMachineState.Members)] TStateMachine>()
        where TStateMachine : IAsyncStateMachine
    {
        if (CoroutineScheduler.Current is not { } scheduler)
        {
            return new CoroutineFrame<TStateMachine, T>();
        }

        FramePool<TStateMachine> pool = FramePool<TStateMachine>.Of(scheduler);
        if (pool.TryTake() is { } used)
        {
            // The type of the machine determines the type of its frame.
            return Unsafe.As<CoroutineFrame<TStateMachine, T>>(used);
        }

        var frame = new CoroutineFrame<TStateMachine, T>();
        if (pool.KeepsNext())
        {
            frame.UseAgain();
        }

        return frame;
    }

    /// <summary>Called when the method returns.</summary>
    public readonly void SetResult(T result)
    {
        _frame!.Result = result;
        _frame.Owner!.OnReturned(_frame);
    }

    /// <summary>Called when the method throws.</summary>
    public readonly void SetException(Exception exception) =>
        _frame!.Owner!.OnThrew(_frame, exception);

    /// <summary>Called when the method awaits.</summary>
    public readonly void AwaitOnCompleted<TAwaiter, TStateMachine>(
        ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine
    {
        if (!TrySuspend(ref awaiter) && !TryGoOn(ref awaiter))
        {
            Trampoline.BeginForeignAwait().Park(ref awaiter);
        }
    }

    /// <summary>Called when the method awaits.</summary>
    public readonly void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(
        ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine
    {
        if (!TrySuspend(ref awaiter) && !TryGoOn(ref awaiter))
        {
            Trampoline.BeginForeignAwait().ParkUnsafe(ref awaiter);
        }
    }

    /// <summary>
    /// Runs the method on in a replay whose recorded run had no need to wait here, once the awaited
    /// object has ended. The method returns right after this call, so that it may run inside it.
    /// </summary>
    private readonly bool TryGoOn<TAwaiter>(ref TAwaiter awaiter) where TAwaiter : INotifyCompletion
    {
        if (Trampoline is not { Scheduler.ForeignEnds: { } ends } step)
        {
            return false;
        }

        TAwaiter copy = awaiter;
        Action<Action>? onCompleted = ForeignAwaiter<TAwaiter>.CallsOnce ? copy.OnCompleted : null;
        if (!ends.MustGoOn(step.Number, onCompleted))
        {
            return false;
        }

        _frame!.MoveNext();
        return true;
    }

    /// <summary>Gives the step to an awaiter of ours; false if it is foreign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool TrySuspend<TAwaiter>(ref TAwaiter awaiter)
    {
        // For a struct awaiter the type test is a constant; a call through the interface may box.
        if (awaiter is ICoroutineAwaiter)
        {
            _frame!.Owner!.Push(Unsafe.As<TAwaiter, CoroutineFrame>(ref awaiter));
            return true;
        }

        if (awaiter is ILoopAwaiter)
        {
            AwaiterParking<TAwaiter>.Instance.OnSuspend(ref awaiter, _frame!.Owner!);
            return true;
        }

        return false;
    }
}

/// <summary>The builder of coroutines without a result; see the generic one.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[StackTraceHidden]
public struct CoroutineMethodBuilder
{
    private CoroutineMethodBuilder<Unit> _builder;

    /// <summary>The coroutine that the method returns.</summary>
    public readonly Coroutine Task => new(_builder.Task);

    /// <summary>Called by the compiler.</summary>
    public static CoroutineMethodBuilder Create() => default;

    /// <summary>Stores the state machine in a new frame; runs no code of the method.</summary>
    public void Start<[DynamicallyAccessedMembers(StateMachineState.Members)] TStateMachine>(
        ref TStateMachine stateMachine)
        where TStateMachine : IAsyncStateMachine => _builder.Start(ref stateMachine);

#pragma warning disable CA1822 // the compiler asks for an instance member
    /// <summary>Not called, because no state machine is boxed.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine stateMachine)
    {
    }
#pragma warning restore CA1822

    /// <summary>Called when the method returns.</summary>
    public readonly void SetResult() => _builder.SetResult(default);

    /// <summary>Called when the method throws.</summary>
    public readonly void SetException(Exception exception) => _builder.SetException(exception);

    /// <summary>Called when the method awaits.</summary>
    public readonly void AwaitOnCompleted<TAwaiter, TStateMachine>(
        ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : INotifyCompletion
        where TStateMachine : IAsyncStateMachine =>
        _builder.AwaitOnCompleted(ref awaiter, ref stateMachine);

    /// <summary>Called when the method awaits.</summary>
    public readonly void AwaitUnsafeOnCompleted<TAwaiter, TStateMachine>(
        ref TAwaiter awaiter, ref TStateMachine stateMachine)
        where TAwaiter : ICriticalNotifyCompletion
        where TStateMachine : IAsyncStateMachine =>
        _builder.AwaitUnsafeOnCompleted(ref awaiter, ref stateMachine);
}

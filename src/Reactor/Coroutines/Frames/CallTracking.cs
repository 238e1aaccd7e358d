using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// Debug mode's alarm for a coroutine that is never awaited (asyncio: coroutine origin tracking):
/// calls on the thread of a debug loop get a frame with a finalizer and the place of the call.
/// </summary>
/// <remarks>
/// Any thread. Rejected: a sentinel object in a field, which makes every frame longer.
/// </remarks>
internal static class CallTracking
{
    private static int s_debugRuns;

    public static bool IsOn => s_debugRuns != 0;

    public static void BeginRun() => Interlocked.Increment(ref s_debugRuns);

    public static void EndRun() => Interlocked.Decrement(ref s_debugRuns);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static CoroutineFrame<TStateMachine, T> NewFrame<
        [DynamicallyAccessedMembers(StateMachineState.Members)] TStateMachine, T>()
        where TStateMachine : IAsyncStateMachine =>
        CoroutineScheduler.Current is { Debug: true } scheduler
            ? new TrackedFrame<TStateMachine, T>(scheduler)
            : new CoroutineFrame<TStateMachine, T>();

    public static void Report(CoroutineScheduler scheduler, string method, string place) =>
        scheduler.Report(new LoopErrorContext
        {
            Message = $"Coroutine '{method}' was never awaited, created at {place}: await it, "
                + "or make it a task with CreateTask.",
            CreatedAt = place,
        });
}

/// <summary>Reports itself when it is lost before it was awaited.</summary>
internal sealed class TrackedFrame<
    [DynamicallyAccessedMembers(StateMachineState.Members)] TStateMachine, T>
    : CoroutineFrame<TStateMachine, T>, ILeftover
    where TStateMachine : IAsyncStateMachine
{
    private readonly CoroutineScheduler _scheduler;
    private readonly string _place;

    public TrackedFrame(CoroutineScheduler scheduler)
    {
        _scheduler = scheduler;
        _place = UserPlace.Find(except: MethodName);
        scheduler.OnLeftover(this);
    }

    /// <summary>Reports on the loop thread, because the report is user code.</summary>
    ~TrackedFrame()
    {
        if (!IsSettled)
        {
            _scheduler.PostThreadSafe(new LeftoverReport(this));
        }
    }

    /// <inheritdoc/>
    public bool IsSettled => State != FrameState.Cold;

    /// <inheritdoc/>
    public override void MoveNext()
    {
#pragma warning disable CA1816 // the finalizer only reports
        GC.SuppressFinalize(this); // a finalizable object outlives a collection
#pragma warning restore CA1816
        base.MoveNext();
    }

    /// <inheritdoc/>
    public void ReportIfUnsettled()
    {
        if (!IsSettled)
        {
            Discard();
            CallTracking.Report(_scheduler, MethodName, _place);
        }
    }
}

namespace Reactor;

/// <summary>
/// Several tasks at once. A list gives an array, separate arguments give a tuple. Coroutines become
/// tasks at once, in order. Loop thread only.
/// </summary>
public sealed partial class EventLoop
{
    /// <summary>
    /// The results of all, in order (asyncio: <c>gather</c>). The first exception ends it; the
    /// others continue, and their exceptions count as retrieved. Cancelling it cancels all.
    /// </summary>
    /// <param name="futures">Of one loop; duplicates count once.</param>
    /// <exception cref="ArgumentException">They belong to different loops.</exception>
    public static Future<T[]> WhenAll<T>(IEnumerable<Future<T>> futures) =>
        Gather.All<T>([.. futures]);

    /// <inheritdoc cref="WhenAll{T}(IEnumerable{Future{T}})"/>
    /// <param name="coroutines">Calls not yet awaited; a duplicate runs once.</param>
    /// <exception cref="InvalidOperationException">No loop runs on this thread.</exception>
    public static Future<T[]> WhenAll<T>(IEnumerable<Coroutine<T>> coroutines) =>
        Gather.All(Gather.Tasks(coroutines));

    /// <inheritdoc cref="WhenAll{T}(IEnumerable{Coroutine{T}})"/>
    public static Future<Unit[]> WhenAll(params IEnumerable<Coroutine> coroutines) =>
        Gather.All(Gather.Tasks(coroutines.Select(coroutine => coroutine.Call)));

    /// <inheritdoc cref="WhenAll{T}(IEnumerable{Future{T}})"/>
    public static Future<(T1, T2)> WhenAll<T1, T2>(Future<T1> first, Future<T2> second) =>
        Gather.Start([first, second], () => (first.Result, second.Result));

    /// <inheritdoc cref="WhenAll{T}(IEnumerable{Future{T}})"/>
    public static Future<(T1, T2, T3)> WhenAll<T1, T2, T3>(
        Future<T1> first, Future<T2> second, Future<T3> third) => Gather.Start(
            [first, second, third], () => (first.Result, second.Result, third.Result));

    /// <inheritdoc cref="WhenAll{T}(IEnumerable{Future{T}})"/>
    public static Future<(T1, T2, T3, T4)> WhenAll<T1, T2, T3, T4>(
        Future<T1> first, Future<T2> second, Future<T3> third, Future<T4> fourth) => Gather.Start(
            [first, second, third, fourth],
            () => (first.Result, second.Result, third.Result, fourth.Result));

    /// <inheritdoc cref="WhenAll{T}(IEnumerable{Coroutine{T}})"/>
    public static Future<(T1, T2)> WhenAll<T1, T2>(Coroutine<T1> first, Coroutine<T2> second)
    {
        var calls = new CallSet();
        return WhenAll(calls.TaskOf(first), calls.TaskOf(second));
    }

    /// <inheritdoc cref="WhenAll{T}(IEnumerable{Coroutine{T}})"/>
    public static Future<(T1, T2, T3)> WhenAll<T1, T2, T3>(
        Coroutine<T1> first, Coroutine<T2> second, Coroutine<T3> third)
    {
        var calls = new CallSet();
        return WhenAll(calls.TaskOf(first), calls.TaskOf(second), calls.TaskOf(third));
    }

    /// <inheritdoc cref="WhenAll{T}(IEnumerable{Coroutine{T}})"/>
    public static Future<(T1, T2, T3, T4)> WhenAll<T1, T2, T3, T4>(
        Coroutine<T1> first, Coroutine<T2> second, Coroutine<T3> third, Coroutine<T4> fourth)
    {
        var calls = new CallSet();
        return WhenAll(
            calls.TaskOf(first), calls.TaskOf(second), calls.TaskOf(third), calls.TaskOf(fourth));
    }

    /// <summary>
    /// How each of them ended, in order (asyncio: <c>gather(return_exceptions=True)</c>).
    /// Cancelling it cancels all, and it throws.
    /// </summary>
    /// <inheritdoc cref="WhenAll{T}(IEnumerable{Future{T}})"/>
    public static Future<Outcome<T>[]> WhenAllSettled<T>(IEnumerable<Future<T>> futures) =>
        Gather.Settled<T>([.. futures]);

    /// <inheritdoc cref="WhenAllSettled{T}(IEnumerable{Future{T}})"/>
    public static Future<Outcome<T>[]> WhenAllSettled<T>(IEnumerable<Coroutine<T>> coroutines) =>
        Gather.Settled(Gather.Tasks(coroutines));

    /// <inheritdoc cref="WhenAllSettled{T}(IEnumerable{Coroutine{T}})"/>
    public static Future<Outcome<Unit>[]> WhenAllSettled(
        params IEnumerable<Coroutine> coroutines) =>
        Gather.Settled(Gather.Tasks(coroutines.Select(coroutine => coroutine.Call)));

    /// <summary>
    /// The futures, each when it is done, for <c>await foreach</c> (asyncio: <c>as_completed</c>).
    /// Neither throws their exceptions nor cancels them. After the timeout, counted from now, each
    /// step for a pending future throws <see cref="TimeoutException"/>.
    /// </summary>
    /// <exception cref="ArgumentException">They belong to different loops.</exception>
    public static WhenEachSequence<TFuture> WhenEach<TFuture>(
        IEnumerable<TFuture> futures, TimeSpan? timeout = null)
        where TFuture : Future => new(futures, timeout);

    /// <summary>The tasks made of coroutines, each when it is done.</summary>
    /// <inheritdoc cref="WhenEach{TFuture}(IEnumerable{TFuture}, TimeSpan?)"/>
    public static WhenEachSequence<LoopTask<T>> WhenEach<T>(
        IEnumerable<Coroutine<T>> coroutines, TimeSpan? timeout = null) =>
        new(Gather.Tasks(coroutines), timeout);

    /// <summary>
    /// Starts attempts in order, each after the failure of the previous one or a delay (null:
    /// unlimited). The first success wins; the others are cancelled and awaited (asyncio:
    /// <c>staggered_race</c>).
    /// </summary>
    /// <exception cref="LoopCanceledException">The task was cancelled.</exception>
    public static Coroutine<RaceResult<T>> StaggeredRace<T>(
        IEnumerable<Func<Coroutine<T>>> attempts, TimeSpan? delay)
    {
        ArgumentNullException.ThrowIfNull(attempts);
        return RaceOperation<T>.Run(attempts, delay);
    }
}

namespace Reactor;

/// <summary>
/// Several tasks at once: all of them, each as it ends, the first to succeed. Loop thread only.
/// </summary>
/// <remarks>
/// A list of awaitables gives an array, separate arguments give a tuple, in which each has its own
/// type. Coroutines become tasks at once, in the order given.
/// </remarks>
public sealed partial class EventLoop
{
    /// <summary>
    /// The results of all, in the order given (asyncio: <c>gather</c>). The first exception
    /// ends it at once; the others go on, and what they throw later counts as fetched.
    /// Cancelling it cancels all of them.
    /// </summary>
    /// <typeparam name="T">The type of the results.</typeparam>
    /// <param name="futures">
    /// Futures or tasks of one loop; twice the same is waited for once.
    /// </param>
    /// <exception cref="ArgumentException">They belong to different loops.</exception>
    public static Future<T[]> WhenAll<T>(IEnumerable<Future<T>> futures) =>
        Gather.All<T>([.. futures]);

    /// <inheritdoc cref="WhenAll{T}(IEnumerable{Future{T}})"/>
    /// <param name="coroutines">Calls not yet awaited; twice the same runs once.</param>
    /// <exception cref="InvalidOperationException">
    /// No event loop runs on this thread.
    /// </exception>
    public static Future<T[]> WhenAll<T>(IEnumerable<Coroutine<T>> coroutines) =>
        Gather.All(Gather.Tasks(coroutines));

    /// <summary>Waits for coroutines without results; see the overloads with results.</summary>
    /// <param name="coroutines">Calls not yet awaited; twice the same runs once.</param>
    /// <exception cref="InvalidOperationException">
    /// No event loop runs on this thread.
    /// </exception>
    public static Future<Unit[]> WhenAll(params IEnumerable<Coroutine> coroutines) =>
        Gather.All(Gather.Tasks(coroutines.Select(coroutine => coroutine.Call)));

    /// <inheritdoc cref="WhenAll{T}(IEnumerable{Future{T}})"/>
    public static Future<(T1, T2)> WhenAll<T1, T2>(Future<T1> first, Future<T2> second) =>
        Gather.Start([first, second], () => (first.Result, second.Result));

    /// <inheritdoc cref="WhenAll{T}(IEnumerable{Future{T}})"/>
    public static Future<(T1, T2, T3)> WhenAll<T1, T2, T3>(
        Future<T1> first, Future<T2> second, Future<T3> third) =>
        Gather.Start(
            [first, second, third], () => (first.Result, second.Result, third.Result));

    /// <inheritdoc cref="WhenAll{T}(IEnumerable{Future{T}})"/>
    public static Future<(T1, T2, T3, T4)> WhenAll<T1, T2, T3, T4>(
        Future<T1> first, Future<T2> second, Future<T3> third, Future<T4> fourth) =>
        Gather.Start(
            [first, second, third, fourth],
            () => (first.Result, second.Result, third.Result, fourth.Result));

    /// <inheritdoc cref="WhenAll{T}(IEnumerable{Future{T}})"/>
    public static Future<(T1, T2)> WhenAll<T1, T2>(
        Coroutine<T1> first, Coroutine<T2> second)
    {
        var calls = new CallSet();
        return WhenAll(calls.TaskOf(first), calls.TaskOf(second));
    }

    /// <inheritdoc cref="WhenAll{T}(IEnumerable{Future{T}})"/>
    public static Future<(T1, T2, T3)> WhenAll<T1, T2, T3>(
        Coroutine<T1> first, Coroutine<T2> second, Coroutine<T3> third)
    {
        var calls = new CallSet();
        return WhenAll(
            calls.TaskOf(first), calls.TaskOf(second), calls.TaskOf(third));
    }

    /// <inheritdoc cref="WhenAll{T}(IEnumerable{Future{T}})"/>
    public static Future<(T1, T2, T3, T4)> WhenAll<T1, T2, T3, T4>(
        Coroutine<T1> first,
        Coroutine<T2> second,
        Coroutine<T3> third,
        Coroutine<T4> fourth)
    {
        var calls = new CallSet();
        return WhenAll(
            calls.TaskOf(first),
            calls.TaskOf(second),
            calls.TaskOf(third),
            calls.TaskOf(fourth));
    }

    /// <summary>
    /// How each of them ended, in the order given, exceptions and cancellations included
    /// (asyncio: <c>gather(return_exceptions=True)</c>). Cancelling it cancels all of them, and
    /// then it throws that.
    /// </summary>
    /// <typeparam name="T">The type of the results.</typeparam>
    /// <param name="futures">
    /// Futures or tasks of one loop; twice the same is waited for once.
    /// </param>
    /// <exception cref="ArgumentException">They belong to different loops.</exception>
    public static Future<Outcome<T>[]> WhenAllSettled<T>(IEnumerable<Future<T>> futures) =>
        Gather.Settled<T>([.. futures]);

    /// <inheritdoc cref="WhenAllSettled{T}(IEnumerable{Future{T}})"/>
    /// <param name="coroutines">Calls not yet awaited; twice the same runs once.</param>
    /// <exception cref="InvalidOperationException">
    /// No event loop runs on this thread.
    /// </exception>
    public static Future<Outcome<T>[]> WhenAllSettled<T>(
        IEnumerable<Coroutine<T>> coroutines) =>
        Gather.Settled(Gather.Tasks(coroutines));

    /// <summary>How coroutines without results ended; see the overload with results.</summary>
    /// <param name="coroutines">Calls not yet awaited; twice the same runs once.</param>
    /// <exception cref="InvalidOperationException">
    /// No event loop runs on this thread.
    /// </exception>
    public static Future<Outcome<Unit>[]> WhenAllSettled(
        params IEnumerable<Coroutine> coroutines) =>
        Gather.Settled(Gather.Tasks(coroutines.Select(coroutine => coroutine.Call)));

    /// <summary>
    /// The futures passed in, each when it is done, for <c>await foreach</c> (asyncio:
    /// <c>as_completed</c>). It throws none of their exceptions and cancels none of them.
    /// </summary>
    /// <typeparam name="TFuture">The type of the futures.</typeparam>
    /// <param name="futures">Futures or tasks of one loop; twice the same counts once.</param>
    /// <param name="timeout">
    /// From now; null or <see cref="Timeout.InfiniteTimeSpan"/>: for ever. Then each step for one
    /// that is left throws <see cref="TimeoutException"/>.
    /// </param>
    /// <exception cref="ArgumentException">They belong to different loops.</exception>
    public static WhenEachSequence<TFuture> WhenEach<TFuture>(
        IEnumerable<TFuture> futures, TimeSpan? timeout = null)
        where TFuture : Future => new(futures, timeout);

    /// <summary>The tasks that coroutines become, each when it is done.</summary>
    /// <inheritdoc cref="WhenEach{TFuture}(IEnumerable{TFuture}, TimeSpan?)"/>
    /// <typeparam name="T">The type of the results.</typeparam>
    /// <param name="coroutines">Calls not yet awaited; twice the same runs once.</param>
    /// <param name="timeout">
    /// From now; null or <see cref="Timeout.InfiniteTimeSpan"/>: for ever.
    /// </param>
    public static WhenEachSequence<LoopTask<T>> WhenEach<T>(
        IEnumerable<Coroutine<T>> coroutines, TimeSpan? timeout = null) =>
        new(Gather.Tasks(coroutines), timeout);

    /// <summary>
    /// Begins attempts one after the other, each when the one before has failed or
    /// <paramref name="delay"/> has passed; the first to succeed wins, the others are cancelled
    /// and awaited (asyncio: <c>staggered_race</c>).
    /// </summary>
    /// <typeparam name="T">The type of the result.</typeparam>
    /// <param name="attempts">Coroutine methods; one that is not reached is not called.</param>
    /// <param name="delay">
    /// The head start of each; null or <see cref="Timeout.InfiniteTimeSpan"/>: until it has failed.
    /// </param>
    /// <exception cref="LoopCanceledException">
    /// The task was cancelled; so are all attempts.
    /// </exception>
    public static Coroutine<RaceResult<T>> StaggeredRace<T>(
        IEnumerable<Func<Coroutine<T>>> attempts, TimeSpan? delay)
    {
        ArgumentNullException.ThrowIfNull(attempts);
        return RaceOperation<T>.Run(attempts, delay);
    }

    /// <summary>
    /// The future itself, if it is of the loop that runs (asyncio: <c>ensure_future</c>).
    /// </summary>
    /// <exception cref="ArgumentException">It belongs to a different loop.</exception>
    /// <exception cref="InvalidOperationException">
    /// No event loop runs on this thread.
    /// </exception>
    public static TFuture Ensure<TFuture>(TFuture future)
        where TFuture : Future
    {
        _ = Current;
        OneLoop.Check(future, nameof(future));
        return future;
    }

    /// <summary>
    /// Makes a coroutine a task of the loop that runs (asyncio: <c>ensure_future</c>).
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// No event loop runs on this thread.
    /// </exception>
    public static LoopTask<T> Ensure<T>(Coroutine<T> coroutine) =>
        EventLoop.Current.StartTask(coroutine);

    /// <inheritdoc cref="Ensure{T}(Coroutine{T})"/>
    public static LoopTask Ensure(Coroutine coroutine) =>
        EventLoop.Current.StartTask(coroutine);

    /// <summary>
    /// Makes a task of threads a future of the loop that runs; see <c>OnLoop</c>.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// No event loop runs on this thread.
    /// </exception>
    public static Future<T> Ensure<T>(Task<T> task) => task.OnLoop();

    /// <inheritdoc cref="Ensure{T}(Task{T})"/>
    public static Future<Unit> Ensure(Task task) => task.OnLoop();

    /// <inheritdoc cref="Ensure{T}(Task{T})"/>
    public static Future<T> Ensure<T>(ValueTask<T> task) => task.OnLoop();

    /// <inheritdoc cref="Ensure{T}(Task{T})"/>
    public static Future<Unit> Ensure(ValueTask task) => task.OnLoop();
}

namespace Reactor;

/// <summary>How the attempts of a staggered race have ended. Any thread.</summary>
/// <typeparam name="T">The type of the winner's result.</typeparam>
public sealed record RaceResult<T>
{
    internal RaceResult(int? winnerIndex, T? winner, IReadOnlyList<Exception?> exceptions)
    {
        WinnerIndex = winnerIndex;
        Winner = winner;
        Exceptions = exceptions;
    }

    /// <summary>The attempt that won; null: all failed.</summary>
    public int? WinnerIndex { get; }

    /// <summary>What the winner returned; the default value if there is none.</summary>
    public T? Winner { get; }

    /// <summary>
    /// The exception of each attempt that began: a cancellation for a beaten one, null for the
    /// winner.
    /// </summary>
    public IReadOnlyList<Exception?> Exceptions { get; }
}

/// <summary>
/// Attempts that begin one after the other, each when the one before has failed or its time is
/// over; the first success cancels the others (asyncio: <c>staggered_race</c>). No attempt is left
/// running.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class RaceOperation<T>
{
    private readonly List<Exception?> _exceptions = [];
    private readonly List<LoopTask> _running = [];
    private readonly CoroutineScheduler _scheduler = LoopAwaits.Scheduler;
    private JoinFuture? _news;
    private int? _winnerIndex;
    private T? _winner;

    public static async Coroutine<RaceResult<T>> Run(
        IEnumerable<Func<Coroutine<T>>> attempts, TimeSpan? delay)
    {
        var race = new RaceOperation<T>();
        try
        {
            await race.Start(attempts, delay);
            await race.WaitForAll();
        }
        catch (Exception)
        {
            await race.CancelAll();
            throw;
        }

        return new RaceResult<T>(race._winnerIndex, race._winner, race._exceptions);
    }

    private async Coroutine Start(IEnumerable<Func<Coroutine<T>>> attempts, TimeSpan? delay)
    {
        foreach (Func<Coroutine<T>> attempt in attempts)
        {
            int index = _exceptions.Count;
            _exceptions.Add(null);
            LoopTask task = _scheduler.StartTask(RunOne(index, attempt));
            _running.Add(task);
            task.AddDoneCallback(OnDone);
            TimeSpan? until = TimeLimit.OrNull(delay) is { } time
                ? _scheduler.MomentAfter(time)
                : null;
            bool hasTime = true;
            while (hasTime && _winnerIndex is null && _exceptions[index] is null)
            {
                hasTime = await WaitForNews(until); // of this attempt or of an earlier one
            }

            if (_winnerIndex is not null)
            {
                CancelRunning();
                return;
            }
        }
    }

    /// <summary>Waits until an attempt ended; false if the moment came first.</summary>
    private async Coroutine<bool> WaitForNews(TimeSpan? until)
    {
        _news = new JoinFuture(_scheduler, _running, isOneEnough: true);
        try
        {
            await TimeoutScope.RunUntil(until, async _ => await _news);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Coroutine WaitForAll()
    {
        while (_running.Count > 0)
        {
            _news = new JoinFuture(_scheduler, _running);
            await _news;
        }
    }

    private async Coroutine CancelAll()
    {
        TaskStep step = _scheduler.RunningStep!;
        bool before = step.KeepsCancellation;
        step.KeepsCancellation = true;
        while (_running.Count > 0)
        {
            CancelRunning();
            try
            {
                await WaitForAll();
            }
            catch (LoopCanceledException)
            {
                // It is thrown once the attempts have ended.
            }
        }

        step.KeepsCancellation = before;
    }

    private async Coroutine RunOne(int index, Func<Coroutine<T>> attempt)
    {
        try
        {
            T result = await attempt();
            if (_winnerIndex is null)
            {
                _winnerIndex = index;
                _winner = result;
                CancelRunning();
            }
        }
        catch (Exception error) when (error is not LoopAbortException)
        {
            _exceptions[index] = _scheduler.RunningStep!.AsCancellation(error);
        }

        _news?.TrySetResult(default);
    }

    // Not the running task: with no suspension left it would end cancelled.
    private void CancelRunning()
    {
        foreach (LoopTask task in _running)
        {
            if (!ReferenceEquals(task, _scheduler.RunningStep?.Owner))
            {
                task.Cancel();
            }
        }
    }

    private void OnDone(Future task)
    {
        _running.Remove((LoopTask)task);
        if (_running.Count == 0)
        {
            _news?.TrySetResult(default);
        }
    }
}

// A run from its first connection to its last response: starts the workers at one instant, hands
// interruptions to them, collects what they recorded.
//
// Worker 0 runs on the calling loop; so a run with one worker needs no other thread and can be
// simulated. The others have a thread and a loop each, and share nothing while they run. Their
// clocks differ, so the common instant is a reading of the machine's monotonic clock.
using System.Diagnostics;
using System.Net;

namespace Reactor.Tools.Loadgen;

/// <summary>The coordinator of a run. Loop thread only.</summary>
/// <param name="plan">The parameters.</param>
/// <param name="target">The address.</param>
/// <param name="interruption">
/// Ends warm-up and window on completion, and the drain follows; or ends the drain. A run that has
/// not started yet does not start.
/// </param>
/// <param name="progress">Called each second, or null.</param>
/// <param name="makeOptions">
/// The options of the loop of a worker from 1, called on its thread; null for those of
/// <see cref="LoadLoop"/> with the driver of the description.
/// </param>
/// <param name="observer">Reads another process when the window opens and closes, or null.</param>
internal sealed class LoadRun(
    LoadPlan plan,
    EndPoint target,
    Future interruption,
    Action<LoadProgress>? progress = null,
    Func<int, EventLoopOptions>? makeOptions = null,
    IWindowObserver? observer = null)
{
    /// <summary>
    /// Time to start threads and loops before the common instant: ten times what it takes.
    /// </summary>
    private static readonly TimeSpan s_threadStart = TimeSpan.FromMilliseconds(50);

    private readonly EventLoop _loop = EventLoop.Current;
    private readonly ClientHealthReader _client = new();
    private readonly Lock _lock = new();
    private readonly Worker?[] _workers = new Worker?[plan.Threads];
    private int _windowsLeft = plan.Threads;
    private TimeSpan _spinAtStart;
    private ClientHealth? _health;
    private DateTimeOffset _startedAt;
    private bool _isInterrupted;
    private bool _isCutShort;

    /// <summary>Runs the measurement.</summary>
    public async Coroutine<LoadResult> Run()
    {
        if (plan.StartAt is { } startAt)
        {
            await PassUntil(startAt);
        }

        if (interruption.IsDone)
        {
            return CollectNothing();
        }

        TimeSpan lead = plan.Threads > 1 ? s_threadStart : TimeSpan.Zero;
        long reading = Stopwatch.GetTimestamp(); // the same instant as that of the next line
        TimeSpan begin = _loop.Time + lead;
        _startedAt = _loop.Driver.UtcNow + lead + plan.WarmUp;
        var first = new Worker(plan, target, 0, begin) { OnWindow = OnFirstWindow };
        Enlist(first);
        Future<Unit>[] others = [.. StartOthers(reading, lead)];
        interruption.AddDoneCallback(_ => Interrupt());
        using var reporter = new ProgressTimer(_loop, begin, _workers, progress);
        await PassUntil(begin);
        await first.Run();
        await EventLoop.WhenAll(others);
        return Collect();
    }

    private async Coroutine PassUntil(DateTimeOffset instant)
    {
        TimeSpan left = instant - _loop.Driver.UtcNow;
        if (left > TimeSpan.Zero)
        {
            await EventLoop.Wait([interruption], timeout: left);
        }
    }

    private static async Coroutine PassUntil(TimeSpan instant)
    {
        TimeSpan left = instant - EventLoop.Current.Time;
        if (left > TimeSpan.Zero)
        {
            await EventLoop.Delay(left);
        }
    }

    private IEnumerable<Future<Unit>> StartOthers(long reading, TimeSpan lead)
    {
        for (int number = 1; number < plan.Threads; number++)
        {
            int mine = number;
            Promise<Unit> done = _loop.CreateFuture<Unit>();
            var thread = new Thread(() => RunOther(mine, reading, lead, done))
            {
                Name = $"load-{mine}",
                IsBackground = true,
            };
            thread.Start();
            yield return done;
        }
    }

    private void RunOther(int number, long reading, TimeSpan lead, Promise<Unit> done)
    {
        Exception? failure = null;
        try
        {
            EventLoop.Run(
                async () =>
                {
                    TimeSpan left = lead - Stopwatch.GetElapsedTime(reading);
                    var worker = new Worker(
                        plan, target, number, EventLoop.Current.Time + left)
                    {
                        OnWindow = OnOtherWindow,
                    };
                    Enlist(worker);
                    await PassUntil(worker.Begin);
                    await worker.Run();
                },
                makeOptions?.Invoke(number)
                    ?? LoadLoop.Options(plan.Description.Driver, $"load-{number}"));
        }
        catch (Exception error)
        {
            failure = error;
        }

        Post(() => OnOtherEnded(done, failure));
    }

    /// <summary>Calls back on the coordinator's loop. Any thread.</summary>
    private void Post(Action callback)
    {
        try
        {
            _loop.CallSoonThreadSafe(callback);
        }
        catch (ObjectDisposedException)
        {
            // The first worker failed, and the run with it.
        }
    }

    private void OnOtherEnded(Promise<Unit> done, Exception? failure)
    {
        if (failure is null)
        {
            done.TrySetResult(default);
        }
        else
        {
            done.TrySetException(failure);
            Interrupt(); // there will be no result
        }
    }

    private void Enlist(Worker worker)
    {
        lock (_lock)
        {
            _workers[worker.Number] = worker;
            if (_isInterrupted)
            {
                worker.Interrupt();
            }
        }
    }

    private void Interrupt()
    {
        lock (_lock)
        {
            _isInterrupted = true;
            foreach (Worker? worker in _workers)
            {
                worker?.Interrupt();
            }
        }
    }

    private void OnFirstWindow(bool isOpen)
    {
        if (isOpen)
        {
            _spinAtStart = SpinTime();
            observer?.Begin();
            _client.Begin();
        }
        else
        {
            OnWindowClosed();
        }
    }

    /// <summary>On the loop of another worker.</summary>
    private void OnOtherWindow(bool isOpen)
    {
        if (!isOpen)
        {
            Post(OnWindowClosed);
        }
    }

    // With an exact number the workers come to its end one after another.
    private void OnWindowClosed()
    {
        if (--_windowsLeft == 0)
        {
            _health = _client.End(SpinTime() - _spinAtStart);
            observer?.End();
            _isCutShort = _isInterrupted;
        }
    }

    private TimeSpan SpinTime()
    {
        TimeSpan spun = TimeSpan.Zero;
        foreach (Worker? worker in _workers)
        {
            spun += worker?.SpinTime ?? TimeSpan.Zero;
        }

        return spun;
    }

    private LoadResult Collect() => RecordMerge.Of(
        plan.Description,
        [.. _workers.Select(static worker => worker!)],
        _startedAt,
        _health!) with
    { IsInterrupted = _isCutShort };

    private LoadResult CollectNothing()
    {
        var worker = new Worker(plan, target, 0, _loop.Time);
        worker.Record.Close(worker.Record.Start);
        return RecordMerge.Of(
            plan.Description, [worker], _loop.Driver.UtcNow, new ClientHealth()) with
        { IsInterrupted = true };
    }
}

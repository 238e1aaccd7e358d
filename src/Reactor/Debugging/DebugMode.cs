using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// What a loop does in debug mode only: measures each piece of work, lets the
/// <see cref="Watchdog"/> look at it, tracks coroutines that may never be awaited, and detects
/// synchronous waits for a task. Loop thread only.
/// </summary>
/// <remarks>
/// Findings are logged, because the exception handler is user code and must not run inside a wait.
/// An <c>EventListener</c> for the runtime's task events was rejected: it wraps every continuation
/// of the process, and <c>Task.WaitAll</c> has no event.
/// </remarks>
internal sealed class DebugMode(
    CoroutineScheduler scheduler, ILogger logger, LoopSynchronizationContext synchronizationContext)
{
    private readonly SlowWorkWatch _watch = new(logger);
    private readonly HashSet<string> _placesOfWaits = []; // bounded by the lines of the program
    private bool _isRunning;
    private bool _isFollowing;
    private bool _isInReport;

    /// <summary>
    /// Measures the work: not the loop's clock, whose reads are part of the run. Tests set it.
    /// </summary>
    public Func<TimeSpan> Clock { get; set; } = static () => Stopwatch.GetElapsedTime(0);

    public bool IsOn
    {
        get;
        set
        {
            field = value;
            if (value)
            {
                CoroutineScheduler.IsDebugUsed = true;
                synchronizationContext.WatchWaits(OnWait);
            }

            FollowRun(_isRunning);
        }
    }

    public TimeSpan SlowCallbackDuration
    {
        get => _watch.SlowAfter;
        set
        {
            TimeSpan limit = TimeLimit.OrMax(value);
            ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero, nameof(value));
            _watch.SlowAfter = limit;
        }
    }

    public void FollowRun(bool isRunning)
    {
        _isRunning = isRunning;
        bool follow = IsOn && isRunning;
        if (follow == _isFollowing)
        {
            return;
        }

        _isFollowing = follow;
        if (follow)
        {
            CallTracking.BeginRun();
            Watchdog.Add(_watch);
        }
        else
        {
            CallTracking.EndRun();
            Watchdog.Remove(_watch);
        }
    }

    public void Run(LoopWork work)
    {
        TimeSpan begin = Clock();
        _watch.Begin(work);
        try
        {
            work.Run();
        }
        finally
        {
            _watch.End();
            TimeSpan duration = Clock() - begin;
            if (duration >= SlowCallbackDuration)
            {
                object shown = work is TaskStep step ? step.Owner : work;
                LoopLog.Slow(logger, ShownText.Of(shown), LoopLog.Seconds(duration));
            }
        }
    }

    private void OnWait()
    {
        // The driver waits too, and a report may wait for a lock.
        if (!IsOn || _isInReport || _watch.Work is not { } work
            || !ReferenceEquals(CoroutineScheduler.Current, scheduler))
        {
            return;
        }

        _isInReport = true;
        if (UserPlace.FindTaskWait() is { } place && _placesOfWaits.Add(place))
        {
            LoopLog.SyncWait(logger, place, ShownText.OfRunning(work));
        }

        _isInReport = false;
    }
}

using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// What a loop does in debug mode and not otherwise: it times each piece of work, has the
/// <see cref="Watchdog"/> look at what runs, keeps an eye on coroutines that may never be awaited,
/// and notices synchronous waits for a task. While it is on, <see cref="WatchedBatch"/> gives it
/// each piece of work.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// What is found here is logged and not given to the exception handler: it is no error yet, and may
/// be found in the middle of a wait or of a callback, where no other user code may run.
/// </para>
/// <para>
/// Synchronous waits are told to the synchronization context by the runtime. An
/// <c>EventListener</c> for the runtime's task events was rejected: enabling those wraps the
/// continuation of every await of the process, and <c>Task.WaitAll</c> has no event.
/// </para>
/// </remarks>
internal sealed class DebugMode(
    EventLoop loop, ILogger logger, LoopSynchronizationContext synchronizationContext)
{
    private readonly RunningWork _running = new(logger);
    private readonly HashSet<string> _placesOfWaits = []; // bounded by the lines of the program
    private bool _isFollowing;
    private bool _isInReport;

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

            FollowRun();
        }
    }

    public TimeSpan SlowCallbackDuration
    {
        get => _running.SlowAfter;
        set
        {
            TimeSpan limit = TimeLimit.OrMax(value);
            ArgumentOutOfRangeException.ThrowIfLessThan(limit, TimeSpan.Zero, nameof(value));
            _running.SlowAfter = limit;
        }
    }

    /// <summary>Seconds as they stand in messages.</summary>
    public static string Seconds(TimeSpan duration) =>
        duration.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    /// <summary>The loop began or ended a run, or debug mode was switched.</summary>
    public void FollowRun()
    {
        bool follow = IsOn && loop.IsRunning;
        if (follow == _isFollowing)
        {
            return;
        }

        _isFollowing = follow;
        if (follow)
        {
            CallTracking.BeginRun();
            Watchdog.Add(_running);
        }
        else
        {
            CallTracking.EndRun();
            Watchdog.Remove(_running);
        }
    }

    /// <summary>Runs one piece of work, and watches it.</summary>
    public void Run(LoopWork work)
    {
        TimeSpan begin = loop.Time;
        _running.Begin(work);
        try
        {
            work.Run();
        }
        finally
        {
            _running.End();
            ReportIfSlow(work, loop.Time - begin);
        }
    }

    private void ReportIfSlow(LoopWork work, TimeSpan took)
    {
        if (took >= SlowCallbackDuration)
        {
            object shown = work is TaskStep step ? step.Owner : work;
            LoopLog.Slow(logger, ShownText.Of(shown), Seconds(took));
        }
    }

    private void OnWait()
    {
        // The driver waits too, between the batches; and a report may meet a lock.
        if (!IsOn || _isInReport || _running.Work is not { } work || !loop.IsOwnThread)
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

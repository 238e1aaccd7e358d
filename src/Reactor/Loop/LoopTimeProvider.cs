using Reactor.Drivers;

namespace Reactor;

/// <summary>
/// The loop's clock as a <see cref="TimeProvider"/>, whose timers fire on the loop thread. Any
/// thread.
/// </summary>
internal sealed class LoopTimeProvider(EventLoop loop, LoopDriver driver) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => driver.UtcNow;

    public override long GetTimestamp() => driver.Now.Ticks;

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new ProvidedTimer(loop, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ProvidedTimer(EventLoop loop, TimerCallback callback, object? state)
        : ITimer
    {
        // Written on the loop thread only: a change on another thread is posted to the loop.
        private TimerHandle? _handle;
        private volatile bool _isDisposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_isDisposed || loop.IsClosed)
            {
                return false;
            }

            if (loop.IsRunning && !loop.IsOwnThread)
            {
                // The delay begins there: no recording has what another thread reads.
                loop.CallSoonThreadSafe(() => Arm(MomentIn(dueTime), period));
                return true;
            }

            TimeSpan? when = MomentIn(dueTime);
            if (!loop.IsOwnThread)
            {
                loop.CallSoonThreadSafe(() => Arm(when, period));
                return true;
            }

            if (when is not null)
            {
                loop.ForeignWaits?.NotePlainWait(loop.RunningStep);
            }

            Arm(when, period);
            return true;
        }

        public void Dispose()
        {
            Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _isDisposed = true;
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private TimeSpan? MomentIn(TimeSpan dueTime) =>
            TimeLimit.IsInfinite(dueTime) ? null : loop.MomentAfter(dueTime);

        private void Arm(TimeSpan? when, TimeSpan period)
        {
            _handle?.Cancel();
            _handle = when is { } moment && !_isDisposed
                ? loop.CallAt(moment, () => Fire(moment, period)) : null;
        }

        private void Fire(TimeSpan when, TimeSpan period)
        {
            _handle = null;
            if (period > TimeSpan.Zero)
            {
                Arm(CoroutineScheduler.MomentAfter(when, period), period);
            }

            callback(state);
        }
    }
}

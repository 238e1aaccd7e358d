namespace Reactor;

/// <summary>
/// The loop's clock as the BCL wants it. Timers fire on the loop thread, as callbacks of the loop;
/// with a virtual clock they jump with it.
/// </summary>
/// <remarks>Any thread.</remarks>
internal sealed class LoopTimeProvider(EventLoop loop) : TimeProvider
{
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => loop.Driver.UtcNow;

    public override long GetTimestamp() => loop.Time.Ticks;

    public override ITimer CreateTimer(
        TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new LoopTimer(loop, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class LoopTimer(EventLoop loop, TimerCallback callback, object? state) : ITimer
    {
        // Written on the loop thread only; a change from another thread travels there first.
        private TimerHandle? _handle;
        private volatile bool _isDisposed;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (_isDisposed || loop.IsClosed)
            {
                return false;
            }

            TimeSpan when = loop.MomentAfter(dueTime);
            bool isOff = dueTime == Timeout.InfiniteTimeSpan;
            if (loop.IsOwnThread)
            {
                if (!isOff)
                {
                    loop.ForeignWaits?.NotePlainWait();
                }

                Book(isOff ? null : when, period);
            }
            else
            {
                loop.CallSoonThreadSafe(() => Book(isOff ? null : when, period));
            }

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

        private void Book(TimeSpan? when, TimeSpan period)
        {
            _handle?.Cancel();
            _handle = when is { } moment && !_isDisposed
                ? loop.CallAt(moment, () => Fire(moment, period))
                : null;
        }

        private void Fire(TimeSpan when, TimeSpan period)
        {
            _handle = null;
            if (period > TimeSpan.Zero)
            {
                Book(CoroutineScheduler.MomentAfter(when, period), period);
            }

            callback(state);
        }
    }
}

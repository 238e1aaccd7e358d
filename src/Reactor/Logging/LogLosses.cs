using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// Counts the messages that were dropped or lost, and reports them to a working sink. Never throws.
/// <see cref="Drop"/> and the counts: any thread; the rest: the log thread.
/// </summary>
internal sealed class LogLosses
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private long _dropped;
    private long _droppedAndSaid;
    private long _lost;
    private long _lostAndSaid;
    private long _saidAt;
    private Exception? _error;

    public long Dropped => Interlocked.Read(ref _dropped);

    public long Lost => Interlocked.Read(ref _lost);

    public void Drop() => Interlocked.Increment(ref _dropped);

    public void Lose(Exception error)
    {
        _error = error;
        Interlocked.Increment(ref _lost);
    }

    /// <param name="sink">If it throws, the next sink gets the report.</param>
    /// <param name="isQueueLow">False postpones the report of dropped messages.</param>
    /// <param name="isLast">True: the program may end, so losses are reported at once.</param>
    public void Report(ILogger sink, bool isQueueLow, bool isLast)
    {
        try
        {
            long dropped = Dropped;
            if (dropped != _droppedAndSaid && isQueueLow)
            {
                LoopLog.Dropped(sink, dropped - _droppedAndSaid);
                _droppedAndSaid = dropped;
            }

            // A sink that throws now and then must not get two lines for each message.
            long lost = Lost;
            if (lost != _lostAndSaid && (isLast || _saidAt == 0
                || Stopwatch.GetElapsedTime(_saidAt) >= s_pause))
            {
                LoopLog.SinkThrew(sink, lost - _lostAndSaid, LoggedException.Of(_error!));
                _lostAndSaid = lost;
                _saidAt = Stopwatch.GetTimestamp();
            }
        }
        catch (Exception)
        {
            // The counts stay until a sink accepts them.
        }
    }
}

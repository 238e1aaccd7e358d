using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Reactor;

/// <summary>
/// Counts the messages of the process that no sink got, and reports them to a sink that works
/// again. It never throws: it is called where an exception would end the process.
/// </summary>
/// <remarks>
/// <see cref="Drop"/> and the counts: any thread. The rest: the log thread.
/// </remarks>
internal sealed class LogLosses
{
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(1);

    private long _dropped;
    private long _droppedAndSaid;
    private long _lost;
    private long _lostAndSaid;
    private long _saidAt;
    private Exception? _error;

    /// <summary>Messages that found the queue full.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Messages whose sink threw.</summary>
    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>The queue is full.</summary>
    public void Drop() => Interlocked.Increment(ref _dropped);

    /// <summary>A sink threw.</summary>
    public void Lose(Exception error)
    {
        _error = error;
        Interlocked.Increment(ref _lost);
    }

    /// <summary>
    /// Reports to a sink that has just taken a message, or may work. What it does not take is
    /// reported to the next.
    /// </summary>
    /// <param name="sink">The sink.</param>
    /// <param name="isQueueLow">
    /// False keeps what was dropped for later: while the queue is full each report drops another.
    /// </param>
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

            // A sink that throws now and then must not get two lines for each that it takes.
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
            // The counts stay as they are until a sink takes them.
        }
    }
}

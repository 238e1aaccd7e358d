using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Reactor;

/// <summary>
/// Stands between a loop and its log sink, so that the loop thread never waits for one: a message
/// goes into a bounded queue, and one background thread for the whole process hands it on. When the
/// queue is full the message is dropped and counted; the count is logged when there is room again.
/// </summary>
/// <remarks>Any thread. What a message holds is formatted on the background thread.</remarks>
public sealed class LogQueue : ILogger
{
    /// <summary>
    /// Messages that wait at most: some seconds of a slow terminal, well below a megabyte.
    /// </summary>
    internal const int CapacityMessages = 4096;

    // Of a class: a generic type over a struct is compiled when the process starts.
    private static readonly BlockingCollection<Message> s_messages = new(CapacityMessages);

    private static readonly Lazy<Thread> s_writer = new(StartWriter);
    private static long s_dropped;
    private static long s_droppedAndSaid; // of the log thread

    private readonly ILogger _sink;

    private LogQueue(ILogger sink) => _sink = sink;

    /// <summary>How many messages this process dropped because a sink was too slow.</summary>
    public static long Dropped => Interlocked.Read(ref s_dropped);

    /// <summary>
    /// A logger that never blocks. Without a factory, warnings and errors go to standard error.
    /// </summary>
    /// <param name="factory">Whose loggers to put behind the queue.</param>
    /// <param name="category">The logger's category.</param>
    public static ILogger Wrap(ILoggerFactory? factory, string category)
    {
        // Now and not at the first message: that may be the one which says that nothing is left to
        // start a thread with.
        _ = s_writer.Value;
        if (factory is null)
        {
            return new LogQueue(StandardErrorLogger.Instance);
        }

        return factory is NullLoggerFactory
            ? NullLogger.Instance
            : new LogQueue(factory.CreateLogger(category));
    }

    /// <summary>
    /// Waits until everything queued so far has been handed on; for the end of a program.
    /// </summary>
    public static void Flush(TimeSpan timeout)
    {
        using var done = new ManualResetEventSlim();
        long begin = Stopwatch.GetTimestamp();
        _ = s_writer.Value;
        // A full queue must be waited for first.
        if (s_messages.TryAdd(new Message(null, done.Set), timeout))
        {
            TimeSpan left = timeout - Stopwatch.GetElapsedTime(begin);
            done.Wait(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return _sink.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return true; // it is asked to write, and what it throws then is seen to elsewhere
        }
    }

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel))
        {
            return;
        }

        ILogger sink = _sink;
        void Write() => sink.Log(logLevel, eventId, state, exception, formatter);
        if (!s_messages.TryAdd(new Message(sink, Write)))
        {
            Interlocked.Increment(ref s_dropped);
        }
    }

    /// <summary>
    /// Once the queue has shrunk to a half: at its brim each message would bring another.
    /// </summary>
    private static void SayDropped(ILogger? sink)
    {
        long dropped = Dropped;
        if (sink is null || dropped == s_droppedAndSaid || s_messages.Count > CapacityMessages / 2)
        {
            return;
        }

        LoopLog.Dropped(sink, dropped - s_droppedAndSaid);
        s_droppedAndSaid = dropped;
    }

    private static Thread StartWriter()
    {
        var thread = new Thread(WriteForever) { IsBackground = true, Name = "reactor-log" };
        thread.UnsafeStart();
        return thread;
    }

    private static void WriteForever()
    {
        foreach (Message message in s_messages.GetConsumingEnumerable())
        {
            try
            {
                message.Write();
                SayDropped(message.Sink);
            }
            catch (Exception error)
            {
                // A sink that throws must not end the log of the process.
                LoopLog.SinkThrew(StandardErrorLogger.Instance, error);
            }
        }
    }

    /// <summary>What to call, and where to say that others were dropped.</summary>
    private sealed class Message(ILogger? sink, Action write)
    {
        public ILogger? Sink => sink;

        public Action Write => write;
    }
}

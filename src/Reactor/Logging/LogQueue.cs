using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Reactor;

/// <summary>
/// Stands between a loop and its log sink: the loop thread never waits for the sink, nothing that
/// the sink throws reaches the program, and no control character of a client reaches the sink. A
/// message goes into a bounded queue, and one background thread for the whole process hands it on.
/// </summary>
/// <remarks>
/// <para>
/// A message that finds the queue full is dropped; one whose sink throws is lost. Both are counted,
/// and the count is logged as soon as a sink takes it, standard error among them.
/// </para>
/// <para>
/// Control characters are escaped in the message, in each of its values (a value whose text is safe
/// is passed as it is) and in an exception, which a <see cref="LoggedException"/> replaces if its
/// text needs it. So a sink may write one line for a message without a look at it.
/// </para>
/// <para>
/// When the process ends in order, by <see cref="Environment.Exit"/> or by an exception that
/// nothing catches, what is queued is still handed on, for one second at most.
/// </para>
/// <para>Any thread. What a message holds is formatted on the background thread.</para>
/// </remarks>
public sealed class LogQueue : ILogger
{
    /// <summary>
    /// Messages that wait at most: some seconds of a slow terminal, well below a megabyte.
    /// </summary>
    internal const int CapacityMessages = 4096;

    /// <summary>
    /// How long the end of the process waits for a sink: a busy disk answers within it, and it is
    /// short beside the 30 seconds that container platforms give a process to end.
    /// </summary>
    private static readonly TimeSpan s_exitFlush = TimeSpan.FromSeconds(1);

    // Of a class: a generic type over a struct is compiled when the process starts.
    private static readonly BlockingCollection<Message> s_messages = new(CapacityMessages);

    private static readonly Lazy<Thread> s_writer = new(StartWriter);
    private static readonly LogLosses s_losses = new();
    private static volatile bool s_isStuck; // a flush gave up, and no message was handed on since

    private readonly ILogger _sink;

    private LogQueue(ILogger sink) => _sink = sink;

    /// <summary>How many messages this process dropped because a sink was too slow.</summary>
    public static long Dropped => s_losses.Dropped;

    /// <summary>How many messages this process lost because their sinks threw.</summary>
    public static long Lost => s_losses.Lost;

    /// <summary>
    /// A logger that never blocks and never throws. Without a factory, warnings and errors go to
    /// standard error; also where the factory throws, which is logged there.
    /// </summary>
    /// <param name="factory">Whose loggers to put behind the queue.</param>
    /// <param name="category">The logger's category.</param>
    public static ILogger Wrap(ILoggerFactory? factory, string category)
    {
        // Now and not at the first message: that may be the one which says that nothing is left to
        // start a thread with.
        _ = s_writer.Value;
        if (factory is NullLoggerFactory)
        {
            return NullLogger.Instance;
        }

        var last = new LogQueue(StandardErrorLogger.Instance);
        if (factory is null)
        {
            return last;
        }

        try
        {
            return new LogQueue(factory.CreateLogger(category)
                ?? throw new InvalidOperationException("The factory returned no logger."));
        }
        catch (Exception error)
        {
            LoopLog.FactoryThrew(last, category, error);
            return last;
        }
    }

    /// <summary>
    /// Waits until everything queued so far has been handed on; for the end of a program.
    /// </summary>
    public static void Flush(TimeSpan timeout)
    {
        if (Thread.CurrentThread == s_writer.Value)
        {
            return; // a sink that ends the process would wait for itself
        }

        // Not disposed of: after a timeout the log thread may still set it.
        var done = new ManualResetEventSlim();
        long begin = Stopwatch.GetTimestamp();
        // A full queue must be waited for first.
        if (s_messages.TryAdd(new Message(null, done.Set), timeout))
        {
            TimeSpan left = timeout - Stopwatch.GetElapsedTime(begin);
            s_isStuck = !done.Wait(
                timeout == Timeout.InfiniteTimeSpan ? timeout
                : left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }
        else
        {
            s_isStuck = true;
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
            return true; // what the sink throws when it is asked to write is counted as a loss
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
        void Write()
        {
            Exception? safe = exception is null ? null : LoggedException.Of(exception);
            var values = new SafeLogState(LogText.Escape(formatter(state, exception)), state);
            sink.Log(logLevel, eventId, values, safe, SafeLogState.Format);
        }

        if (!s_messages.TryAdd(new Message(sink, Write)))
        {
            s_losses.Drop();
        }
    }

    private static Thread StartWriter()
    {
        var thread = new Thread(WriteForever) { IsBackground = true, Name = "reactor-log" };
        thread.UnsafeStart();
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => FlushAtExit();
        AppDomain.CurrentDomain.UnhandledException += static (_, _) => FlushAtExit();
        return thread;
    }

    private static void FlushAtExit()
    {
        if (!s_isStuck) // else the program has waited for this sink already
        {
            Flush(s_exitFlush);
        }
    }

    private static void WriteForever()
    {
        ILogger reportTo = StandardErrorLogger.Instance;
        while (true)
        {
            try
            {
                Write(s_messages.Take(), ref reportTo);
            }
            catch (Exception)
            {
                // No memory, even to wait for a message or to count one: the next may have it.
            }
        }
    }

    /// <summary>
    /// Hands a message on, and reports losses to the sink that has just worked, or else to standard
    /// error. A flush ends after the report.
    /// </summary>
    private static void Write(Message message, ref ILogger reportTo)
    {
        if (message.Sink is { } sink)
        {
            try
            {
                message.Act();
                reportTo = sink;
                s_isStuck = false;
            }
            catch (Exception error)
            {
                s_losses.Lose(error);
                reportTo = StandardErrorLogger.Instance;
            }
        }

        // Once the queue has shrunk to a half: at its brim each message would bring another.
        s_losses.Report(
            reportTo,
            isQueueLow: s_messages.Count <= CapacityMessages / 2,
            isLast: message.Sink is null);
        if (message.Sink is null)
        {
            message.Act();
        }
    }

    /// <summary>What to do: write to a sink, or, without one, end a flush.</summary>
    private sealed class Message(ILogger? sink, Action act)
    {
        public ILogger? Sink => sink;

        public Action Act => act;
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Reactor;

/// <summary>
/// A bounded queue between a loop and its log sink, served by one background thread of the process:
/// the loop thread neither waits for the sink nor sees its exceptions. Any thread.
/// </summary>
/// <remarks>
/// <para>
/// A message is dropped if the queue is full, and lost if its sink throws. Both are counted and
/// logged to the next sink that works, or to standard error.
/// </para>
/// <para>
/// Control characters are escaped in the message, its values and its exception
/// (<see cref="LoggedException"/>), so a sink may write one line for each message.
/// </para>
/// <para>The end of the process waits at most one second for the queue.</para>
/// </remarks>
public sealed class LogQueue : ILogger
{
    /// <summary>Some seconds of a slow terminal, well below a megabyte.</summary>
    internal const int CapacityMessages = 4096;

    /// <summary>Short beside the 30 seconds that container platforms give a process.</summary>
    private static readonly TimeSpan s_exitFlush = TimeSpan.FromSeconds(1);

    // Message is a class: a generic type over a struct would be compiled at the start.
    private static readonly BlockingCollection<Message> s_messages = new(CapacityMessages);

    private static readonly Lazy<Thread> s_writer = new(StartWriter);
    private static readonly LogLosses s_losses = new();
    private static volatile bool s_isStuck; // a flush timed out, and no message was written since

    private readonly ILogger _sink;

    private LogQueue(ILogger sink) => _sink = sink;

    /// <summary>Messages of this process dropped because a sink was too slow.</summary>
    public static long Dropped => s_losses.Dropped;

    /// <summary>Messages of this process lost because their sinks threw.</summary>
    public static long Lost => s_losses.Lost;

    /// <summary>
    /// A logger that never blocks and never throws. Without a factory, or if it throws, warnings
    /// and errors go to standard error.
    /// </summary>
    public static ILogger Wrap(ILoggerFactory? factory, string category)
    {
        // The first message may report that no thread can be started.
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

    /// <summary>Waits until all queued messages are written, at the end of a program.</summary>
    public static void Flush(TimeSpan timeout)
    {
        if (Thread.CurrentThread == s_writer.Value)
        {
            return; // a sink ends the process
        }

        // Not disposed of: the log thread may set it after the timeout.
        var done = new ManualResetEventSlim();
        long begin = Stopwatch.GetTimestamp();
        bool isQueued = s_messages.TryAdd(new Message(null, done.Set), timeout);
        TimeSpan left = timeout - Stopwatch.GetElapsedTime(begin);
        s_isStuck = !isQueued || !done.Wait(
            timeout == Timeout.InfiniteTimeSpan ? timeout
            : left > TimeSpan.Zero ? left : TimeSpan.Zero);
    }

    /// <inheritdoc/>
    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    /// <inheritdoc/>
    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return _sink.IsEnabled(logLevel);
        }
        catch (Exception)
        {
            return true; // the write will throw too, and count as a loss
        }
    }

    /// <inheritdoc/>
    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception,
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
        if (!s_isStuck) // the program has waited for this sink already
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
                // There is no memory even to wait or count.
            }
        }
    }

    /// <summary>
    /// Writes a message, and reports losses to the sink if it works, else to standard error.
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

        // At most half full: in a full queue each report would drop a message.
        s_losses.Report(
            reportTo,
            isQueueLow: s_messages.Count <= CapacityMessages / 2,
            isLast: message.Sink is null);
        if (message.Sink is null)
        {
            message.Act();
        }
    }

    /// <summary>A write to a sink or, without a sink, the end of a flush.</summary>
    private sealed record Message(ILogger? Sink, Action Act);
}

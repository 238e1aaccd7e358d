using Microsoft.Extensions.Logging;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// A sink, a factory or an exception that throws where it is asked for a log line: the log and the
/// loop go on, and what was lost is counted and said by the next line that works.
/// </summary>
[NonParallelizable]
public sealed class BrokenLogSinkTests
{
    [Test]
    public void What_a_broken_sink_loses_is_said_once_it_works_again()
    {
        using var log = new ListLoggerFactory();
        log.OnMessage = _ => throw new IOException("No space left on device");
        ILogger logger = LogQueue.Wrap(log, "test");
        long lostBefore = LogQueue.Lost;
        TextWriter error = Console.Error;
        Console.SetError(new FullWriter());
        try
        {
            for (int i = 0; i < 3; i++)
            {
                Say(logger, "lost");
            }

            Flush();
            Assert.That(LogQueue.Lost - lostBefore, Is.EqualTo(3));

            log.OnMessage = null;
            Say(logger, "kept");
            Flush();
        }
        finally
        {
            Console.SetError(error);
        }

        Assert.That(log.Messages, Is.EqualTo(new[]
        {
            "kept", "Log messages lost because their sink threw: 3.",
        }));
        Assert.That(log.Exceptions.Single(), Is.TypeOf<IOException>());
    }

    [Test]
    public void What_a_broken_sink_loses_is_said_on_standard_error()
    {
        using var log = new ListLoggerFactory();
        log.OnMessage = _ => throw new FormatException("on purpose");
        ILogger logger = LogQueue.Wrap(log, "test");
        using var written = new StringWriter();
        TextWriter error = Console.Error;
        Console.SetError(TextWriter.Synchronized(written));
        try
        {
            for (int i = 0; i < 1000; i++)
            {
                Say(logger, "lost");
            }

            Flush();
        }
        finally
        {
            Console.SetError(error);
        }

        int[] counts = [.. written.ToString().Split('\n')
            .Where(line => line.Contains("lost because"))
            .Select(line => int.Parse(line[(line.LastIndexOf(' ') + 1)..].Trim().TrimEnd('.')))];
        Assert.That(counts.Sum(), Is.EqualTo(1000));
        Assert.That(counts, Has.Length.LessThan(10), "a line a second, and the last");
        Assert.That(written.ToString(), Does.Contain("on purpose"));
    }

    [Test]
    public void A_sink_that_cannot_say_whether_it_is_enabled_is_asked_to_write()
    {
        using var log = new ListLoggerFactory();
        ILogger logger = LogQueue.Wrap(new OneLogger(new Undecided(log.Logger)), "test");
        Assert.That(logger.IsEnabled(LogLevel.Error));
        Say(logger, "kept");
        Flush();
        Assert.That(log.Messages, Is.EqualTo(new[] { "kept" }));
    }

    [TestCase(true)]
    [TestCase(false)]
    public void A_factory_that_gives_no_logger_leaves_standard_error(bool throws)
    {
        using var written = new StringWriter();
        TextWriter error = Console.Error;
        Console.SetError(TextWriter.Synchronized(written));
        try
        {
            using var loop = new EventLoop(new EventLoopOptions
            {
                Driver = new ManualDriver(),
                LoggerFactory = new OneLogger(null, throws),
            });
            loop.CallSoon(() => throw new FormatException("of the callback"));
            loop.RunBriefly();
            Flush();
        }
        finally
        {
            Console.SetError(error);
        }

        Assert.That(written.ToString(), Does.Contain("The logger factory threw")
            .And.Contain("Reactor.EventLoop").And.Contain("of the callback"));
        string[] lines = written.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.That(lines, Has.Some.StartsWith("         at "), "the stack keeps its lines");
        Assert.That(
            lines.Where(line => !line.StartsWith("      ", StringComparison.Ordinal)),
            Is.All.Match("^(error|warning|critical): "), "at the margin begins a message");
    }

    [Test]
    public void An_exception_whose_text_throws_does_not_take_its_line_along()
    {
        using var log = new ListLoggerFactory();
        ILogger logger = LogQueue.Wrap(log, "test");
        Say(logger, "kept", new Unreadable());
        Flush();
        Assert.That(log.Messages, Is.EqualTo(new[] { "kept" }));
        Assert.That(
            log.Exceptions.Single().ToString(),
            Does.Contain(nameof(Unreadable)).And.Contain(nameof(NotSupportedException)));
    }

    [Test]
    public void A_sink_may_flush_the_log_that_calls_it()
    {
        using var log = new ListLoggerFactory();
        log.OnMessage = _ => LogQueue.Flush(Timeout.InfiniteTimeSpan);
        Say(LogQueue.Wrap(log, "test"), "kept");
        Flush();
        Assert.That(log.Messages, Is.EqualTo(new[] { "kept" }));
    }

    private static void Say(ILogger logger, string text, Exception? error = null) =>
        logger.Log(LogLevel.Error, default, text, error, static (text, _) => text);

    private static void Flush() => LogQueue.Flush(TimeSpan.FromSeconds(10));

    private sealed class FullWriter : StringWriter
    {
        public override void WriteLine(string? value) =>
            throw new IOException("No space left on device");
    }

    private sealed class Unreadable : Exception
    {
        public override string Message => throw new NotSupportedException();
    }

    private sealed class OneLogger(ILogger? logger, bool throws = false) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) =>
            throws ? throw new IOException("on purpose") : logger!;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }

    private sealed class Undecided(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => throw new NotSupportedException();

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            inner.Log(logLevel, eventId, state, exception, formatter);
    }
}

using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace Reactor.Tests.Dangers;

/// <summary>
/// Text with control characters that comes into the log by any way, as a client's may: a sink never
/// gets one raw, so that it can neither forge a line nor control a terminal.
/// </summary>
[NonParallelizable]
public sealed class LogInjectionTests
{
    [TestCase('\r', "\\r")]
    [TestCase('\n', "\\n")]
    [TestCase('\t', "\\t")]
    [TestCase('\0', "\\u0000")]
    [TestCase('\u001b', "\\u001B")]
    [TestCase('\u001f', "\\u001F")]
    [TestCase(' ', " ")]
    [TestCase('\\', "\\")]
    [TestCase('~', "~")]
    [TestCase('\u007f', "\\u007F")]
    [TestCase('\u0080', "\\u0080")]
    [TestCase('\u0085', "\\u0085")]
    [TestCase('\u009f', "\\u009F")]
    [TestCase('\u00a0', "\u00a0")]
    [TestCase('\u00e9', "\u00e9")]
    [TestCase('\u2027', "\u2027")]
    [TestCase('\u2028', "\\u2028")]
    [TestCase('\u2029', "\\u2029")]
    [TestCase('\u202a', "\u202a")]
    public void A_control_character_is_escaped_and_nothing_else(char given, string logged)
    {
        var sink = new KeepingLogger();
        Say(sink, $"a{given}b", null);
        Assert.That(sink.Message, Is.EqualTo($"a{logged}b"));
        Assert.That(sink.State!.ToString(), Is.EqualTo($"a{logged}b"));
    }

    [Test]
    public void The_values_of_a_message_are_escaped_and_safe_ones_are_themselves()
    {
        var safe = new UnixDomainSocketEndPoint("/tmp/safe");
        var sink = new KeepingLogger();
#pragma warning disable CA1848 // one message of one test
        LogQueue.Wrap(new Factory(sink), "test").LogError(
            "{Text} {Peer} {Safe} {Number}",
            "a\nb", new UnixDomainSocketEndPoint("/tmp/x\u001b[2J"), safe, 7);
#pragma warning restore CA1848
        Flush();

        var values = (IReadOnlyList<KeyValuePair<string, object?>>)sink.State!;
        Assert.That(values.Select(one => one.Key), Is.EqualTo(new[]
        {
            "Text", "Peer", "Safe", "Number", "{OriginalFormat}",
        }));
        Assert.That(values.Select(one => one.Value).Take(4), Is.EqualTo(new object[]
        {
            "a\\nb", "/tmp/x\\u001B[2J", safe, 7,
        }));
        Assert.That(values[2].Value, Is.SameAs(safe));
        Assert.That(sink.Message, Is.EqualTo("a\\nb /tmp/x\\u001B[2J /tmp/safe 7"));
    }

    [Test]
    public void An_exception_with_safe_text_is_given_to_the_sink_as_it_is()
    {
        Exception[] safe =
        [
            new FormatException("plain"),
            Thrown(() => throw new InvalidOperationException("outer", new FormatException("in"))),
            Thrown(() => throw new AggregateException(
                new FormatException("one"), new TimeoutException("two"))),
            new SocketException((int)SocketError.ConnectionReset),
        ];
        foreach (Exception error in safe)
        {
            var sink = new KeepingLogger();
            Say(sink, "message", error);
            Assert.That(sink.Error, Is.SameAs(error));
        }
    }

    [Test]
    public void An_exception_with_control_characters_is_replaced_by_its_escaped_text()
    {
        Exception error = Thrown(() => throw new InvalidOperationException(
            "out\u001b[2J", new FormatException("in\r\n2026-01-01 crit: forged")));
        var sink = new KeepingLogger();
        Say(sink, "message", error);

        var logged = (LoggedException)sink.Error!;
        Assert.That(logged.OriginalType, Is.EqualTo(typeof(InvalidOperationException)));
        Assert.That(logged.Message, Is.EqualTo("out\\u001B[2J"));
        Assert.That(logged.StackTrace, Is.EqualTo(error.StackTrace));
        Assert.That(logged.InnerException!.Message, Is.EqualTo(
            "in\\r\\n2026-01-01 crit: forged"));
        string[] lines = logged.ToString().Split(Environment.NewLine);
        Assert.That(lines[0], Is.EqualTo("System.InvalidOperationException: out\\u001B[2J"));
        Assert.That(lines[1], Is.EqualTo(
            " ---> System.FormatException: in\\r\\n2026-01-01 crit: forged"));
        Assert.That(lines.Skip(2), Is.All.StartsWith("   "));
    }

    [Test]
    public void No_text_of_an_exception_reaches_the_sink_raw()
    {
        const string Hostile = "x\r\ny\u0085z\u001b[0m\u2028";
        Exception[] all =
        [
            new AggregateException(new FormatException("one"), new FormatException(Hostile)),
            new FileNotFoundException("not found", Hostile),
            new ArgumentException("text", Hostile),
            new OwnText(Hostile),
            new InvalidOperationException("outer", new OwnText(Hostile)),
        ];
        foreach (Exception error in all)
        {
            var sink = new KeepingLogger();
            Say(sink, "message", error);
            string text = sink.Error!.ToString() + sink.Error.Message + sink.Error.StackTrace;
            Assert.That(
                text.Replace(Environment.NewLine, "").Where(IsControl), Is.Empty, $"{error}");
            Assert.That(
                text.Split(Environment.NewLine).Where(line => line.StartsWith('y')), Is.Empty);
        }
    }

    private static bool IsControl(char one) => char.IsControl(one) || one is '\u2028' or '\u2029';

    private static Exception Thrown(Action act) => Assert.Catch(() => act())!;

    private static void Say(ILogger sink, string text, Exception? error)
    {
        LogQueue.Wrap(new Factory(sink), "test")
            .Log(LogLevel.Error, default, text, error, static (text, _) => text);
        Flush();
    }

    private static void Flush() => LogQueue.Flush(TimeSpan.FromSeconds(10));

    private sealed class OwnText(string text) : Exception("safe")
    {
        public override string StackTrace => text;

        public override string ToString() => text;
    }

    // Not FakeLogger, which turns the values of a message into text: here their identity counts.
    private sealed class KeepingLogger : ILogger
    {
        public string? Message { get; private set; }

        public object? State { get; private set; }

        public Exception? Error { get; private set; }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter) =>
            (Message, State, Error) = (formatter(state, exception), state, exception);
    }

    private sealed class Factory(ILogger logger) : ILoggerFactory
    {
        public ILogger CreateLogger(string categoryName) => logger;

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public void Dispose()
        {
        }
    }
}

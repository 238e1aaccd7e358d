using Microsoft.Extensions.Logging;
using Reactor;
using Reactor.Tools.Server;

namespace Server.Tests;

/// <summary>
/// The lines of the log on standard error: a stack is read line by line, and nothing that a client
/// chooses begins a line.
/// </summary>
[NonParallelizable] // standard error is the process's
public sealed class LogLinesTests
{
    [Test]
    public void A_logged_exception_keeps_its_line_breaks_and_each_next_line_is_indented()
    {
        string[] lines = Log("it threw", Thrown("on purpose", null));

        Assert.That(lines[0], Does.EndWith("fail: test[7] it threw"));
        Assert.That(
            lines[1], Is.EqualTo("      System.InvalidOperationException: on purpose"));
        Assert.That(lines[2], Does.StartWith("         at ").And.Contain(nameof(Thrown)));
        Assert.That(lines.Skip(1), Is.All.StartsWith("      "));
    }

    [Test]
    public void An_inner_exception_has_a_line_of_its_own() => Assert.That(
        Log("it threw", Thrown("outer", Thrown("inner", null))),
        Has.Some.EqualTo("       ---> System.InvalidOperationException: inner"));

    [Test]
    public void A_client_cannot_forge_a_line()
    {
        string forged = Environment.NewLine + "2026-01-01T00:00:00.000Z crit: forged\r\n   at x";
        string[] lines = Log($"asked for {forged}", Thrown(forged, Thrown(forged, null)));

        Assert.That(lines[0], Does.Contain("asked for \\n2026-01-01"));
        Assert.That(lines.Skip(1), Is.All.StartsWith("      "));
        Assert.That(
            lines.Skip(1).Select(line => line.TrimStart()), Has.None.StartsWith("2026")
                .And.None.StartsWith("at x"));
    }

    [Test]
    public void A_message_without_an_exception_is_one_line() =>
        Assert.That(Log("a\nb", null), Has.Length.EqualTo(1));

    private static string[] Log(string message, Exception? error)
    {
        using var written = new StringWriter();
        TextWriter before = Console.Error;
        Console.SetError(TextWriter.Synchronized(written));
        try
        {
            using var logging = new Logging(LogLevel.Debug);
            LogQueue.Wrap(logging, "test").Log(
                LogLevel.Error, new EventId(7), message, error, static (text, _) => text);
            LogQueue.Flush(TimeSpan.FromSeconds(10));
        }
        finally
        {
            Console.SetError(before);
        }

        return written.ToString().TrimEnd().Split(Environment.NewLine);
    }

    private static InvalidOperationException Thrown(string message, Exception? inner)
    {
        try
        {
            throw new InvalidOperationException(message, inner);
        }
        catch (InvalidOperationException error)
        {
            return error;
        }
    }
}

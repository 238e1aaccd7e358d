using Microsoft.Extensions.Logging;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Tests.Dangers;

/// <summary>
/// The same error again and again: the log keeps so many lines a second of each kind, counts the
/// rest, and says the count.
/// </summary>
[NonParallelizable]
public sealed class LogFloodTests
{
    private static readonly LogKind s_kind = new("tests");
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    [Test]
    public void A_line_is_free_again_a_second_after_it_was_taken()
    {
        var budget = new LogRateLimiter(2);
        Assert.That(budget.TryTake(s_kind, TimeSpan.Zero, out _));
        Assert.That(budget.TryTake(s_kind, s_second / 2, out _));
        Assert.That(budget.TryTake(s_kind, s_second - s_tick, out _), Is.False);
        Assert.That(budget.TryTake(s_kind, s_second, out long suppressed));
        Assert.That(suppressed, Is.EqualTo(1));
        Assert.That(budget.TryTake(s_kind, s_second + s_tick, out _), Is.False, "two in a second");
        Assert.That(budget.TryTake(s_kind, s_second * 1.5, out _));
    }

    [Test]
    public void A_budget_of_nothing_lets_nothing_through() =>
        Assert.That(new LogRateLimiter(0).TryTake(s_kind, TimeSpan.FromDays(1), out _), Is.False);

    [TestCase(-1, false)]
    [TestCase(0, true)]
    [TestCase(10_000, true)]
    [TestCase(10_001, false)]
    public void A_budget_has_a_sensible_number_of_lines(int lines, bool isSensible) => Assert.That(
        () => new LogRateLimiter(lines),
        isSensible ? Throws.Nothing : Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void A_kind_does_not_use_up_the_lines_of_another()
    {
        var budget = new LogRateLimiter(1);
        LogKind[] kinds =
        [
            new("a"), new("b"), new("a", "/x"), new("a", "/y"),
            new("a", "/x", typeof(FormatException)), new("a", "/x", typeof(TimeoutException)),
        ];
        Assert.That(kinds.Select(kind => budget.TryTake(kind, s_second, out _)), Is.All.True);
        Assert.That(kinds.Select(kind => budget.TryTake(kind, s_second, out _)), Is.All.False);
    }

    [Test]
    public void Kinds_beyond_the_limit_share_the_lines_of_one()
    {
        var budget = new LogRateLimiter(1);
        for (int i = 0; i < LogRateLimiter.KindsMax; i++)
        {
            Assert.That(budget.TryTake(new LogKind($"{i}"), s_second, out _), $"kind {i}");
        }

        Assert.That(budget.TryTake(new LogKind("one more"), s_second, out _));
        Assert.That(budget.TryTake(new LogKind("two more"), s_second, out _), Is.False);
        Assert.That(budget.TryTake(new LogKind("two more"), s_second * 2, out long suppressed));
        Assert.That(suppressed, Is.EqualTo(1));
    }

    [Test]
    public void What_is_not_logged_at_its_level_uses_no_line()
    {
        using var log = new ListLoggerFactory { Least = LogLevel.Error };
        var budget = new LogRateLimiter(1);
        Assert.That(budget.MayLog(log.Logger, LogLevel.Warning, s_kind, s_second), Is.False);
        Assert.That(budget.MayLog(log.Logger, LogLevel.Error, s_kind, s_second));
        Assert.That(log.Messages, Is.Empty, "nothing was suppressed");
    }

    [Test]
    public void An_error_that_repeats_is_logged_ten_times_a_second_and_the_rest_is_counted()
    {
        using var log = new ListLoggerFactory();
        using (var loop = new EventLoop(
            new EventLoopOptions { Driver = new InMemoryDriver(), LoggerFactory = log }))
        {
            loop.ObserverClock = () => loop.Time; // the rate has a clock of its own
            Throw<FormatException>(loop, 1000);
            Throw<TimeoutException>(loop, 1);
            Assert.That(Logged(log), Has.Count.EqualTo(11), "each type has lines of its own");

            loop.RunUntilComplete(Sleep(s_second));
            Throw<FormatException>(loop, 1);
            Assert.That(Logged(log), Has.Count.EqualTo(13));
            Assert.That(Logged(log).ElementAt(11), Is.EqualTo(
                "990 more lines were not logged: errors of the loop, FormatException"));

            Throw<FormatException>(loop, 12);
        }

        Assert.That(Logged(log).Last(), Is.EqualTo(
            "3 more lines were not logged: errors of the loop, FormatException"), "at the close");
    }

    private static void Throw<T>(EventLoop loop, int times)
        where T : Exception, new()
    {
        for (int i = 0; i < times; i++)
        {
            loop.CallSoon(() => throw new T());
        }

        loop.RunUntilComplete(Sleep(s_tick));
    }

    private static async Coroutine Sleep(TimeSpan time) => await EventLoop.Delay(time);

    private static IReadOnlyCollection<string> Logged(ListLoggerFactory log)
    {
        LogQueue.Flush(TimeSpan.FromSeconds(10));
        return log.Messages;
    }
}

using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// What one connection may ask for in its life, and how much a log says of what it did wrong.
/// </summary>
public class ConnectionLimitTests
{
    [Test]
    public void The_last_request_that_a_connection_may_make_is_answered_with_close()
    {
        using var server = new ServerFixture(
            app => app.OnGet("/", "hi"), new HttpServerOptions { RequestsPerConnectionMax = 3 });
        HttpPeer peer = server.Connect();
        peer.Send(string.Concat(Enumerable.Repeat(Get("/"), 5)));
        server.Settle();

        Assert.That(
            peer.Take().Select(answer => answer.SaysClose),
            Is.EqualTo(new[] { false, false, true }));
        Assert.That(peer.IsEnded);
    }

    [TestCase(0, false)]
    [TestCase(1, true)]
    public void A_request_after_the_age_of_a_connection_is_answered_with_close(
        int ticksOlder, bool closes)
    {
        using var server = new ServerFixture(
            app => app.OnGet("/", "hi"),
            Patient with { ConnectionAgeMax = TimeSpan.FromHours(1) });
        HttpPeer peer = server.Connect();
        server.Settle();
        server.RunTo(TimeSpan.FromHours(1) + TimeSpan.FromTicks(ticksOlder));
        RawAnswer answer = peer.Ask(Get("/"));

        Assert.That((answer.Text, answer.SaysClose), Is.EqualTo(("hi", closes)));
        Assert.That(peer.IsEnded, Is.EqualTo(closes));
    }

    [Test]
    public void Refusals_are_logged_ten_times_a_second_and_then_counted()
    {
        using var server = new ServerFixture();
        for (int i = 0; i < 25; i++)
        {
            server.Connect().Send("BAD\r\n\r\n");
        }

        server.Settle();
        Assert.That(server.Logged().Count(IsRefusal), Is.EqualTo(10));

        server.RunFor(1);
        server.Connect().Ask("BAD\r\n\r\n");
        Assert.That(server.Logged().Count(IsRefusal), Is.EqualTo(11));
        Assert.That(server.Logged(), Has.Some.Contains("15 more requests were refused"));
    }

    [Test]
    public void A_line_is_free_again_a_second_after_it_was_taken()
    {
        var budget = new LogBudget(2);
        TimeSpan second = TimeSpan.FromSeconds(1);
        TimeSpan tick = TimeSpan.FromTicks(1);
        Assert.That(budget.TryTake(TimeSpan.Zero, out _));
        Assert.That(budget.TryTake(second / 2, out _));
        Assert.That(budget.TryTake(second - tick, out _), Is.False);
        Assert.That(budget.TryTake(second, out long suppressed));
        Assert.That(suppressed, Is.EqualTo(1));
        Assert.That(budget.TryTake(second + tick, out _), Is.False, "two in any second");
        Assert.That(budget.TryTake(second * 1.5, out _));
    }

    [Test]
    public void A_budget_of_nothing_lets_nothing_through() =>
        Assert.That(new LogBudget(0).TryTake(TimeSpan.FromDays(1), out _), Is.False);

    private static bool IsRefusal(string line) =>
        line.StartsWith("Refused", StringComparison.Ordinal);
}

using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// What one connection may ask for in its life.
/// </summary>
public class ConnectionLimitTests
{
    [Test]
    public void The_last_request_that_a_connection_may_make_is_answered_with_close()
    {
        using var server = new ServerFixture(
            app => app.OnGet("/", "hi"),
            new HttpServerOptions { Limits = new() { RequestsPerConnectionMax = 3 } });
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
            Patient with
            {
                Times = Patient.Times with { ConnectionAgeMax = TimeSpan.FromHours(1) },
            });
        HttpPeer peer = server.Connect();
        server.Settle();
        server.RunTo(TimeSpan.FromHours(1) + TimeSpan.FromTicks(ticksOlder));
        RawAnswer answer = peer.Ask(Get("/"));

        Assert.That((answer.Text, answer.SaysClose), Is.EqualTo(("hi", closes)));
        Assert.That(peer.IsEnded, Is.EqualTo(closes));
    }
}

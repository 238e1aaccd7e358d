using Reactor.Http.Protocol;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Peers that send or take too slowly: the least rate and the longest silence, to the tick.
/// </summary>
public class SlowPeerTests
{
    private const string Announced =
        "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 100000\r\n\r\n";

    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    [Test]
    public void A_body_of_which_nothing_comes_is_408_after_the_grace()
    {
        using var server = new ServerFixture(app => app.OnEcho());
        HttpPeer peer = server.ConnectNow();
        TimeSpan begun = server.Driver.Now;
        peer.Send(Announced);

        AssertEnds(server, peer, begun + TimeSpan.FromSeconds(5));
    }

    // 240 bytes a second: 2,400 bytes last ten seconds from the beginning of the wait.
    [TestCase(2400, 10)]
    [TestCase(1200, 5)]
    [TestCase(1201, 5.0041666)]
    public void A_body_is_408_at_the_moment_when_its_rate_falls_below_the_least(
        int bytes, double seconds)
    {
        using var server = new ServerFixture(app => app.OnEcho());
        HttpPeer peer = server.ConnectNow();
        TimeSpan begun = server.Driver.Now;
        peer.Send(Announced);
        server.RunFor(1);
        peer.Send(new string('x', bytes));

        TimeSpan end = begun + TimeSpan.FromSeconds(seconds);
        AssertEnds(server, peer, end, TimeSpan.FromMicroseconds(1));
    }

    [Test]
    public void A_body_that_stands_still_for_30_seconds_is_408_whatever_came_before()
    {
        using var server = new ServerFixture(app => app.OnEcho());
        HttpPeer peer = server.ConnectNow();
        peer.Send(Announced + new string('x', 50_000));
        server.RunFor(10);
        TimeSpan last = server.Driver.Now;
        peer.Send("x");

        AssertEnds(server, peer, last + TimeSpan.FromSeconds(30));
    }

    [Test]
    public void A_body_that_keeps_the_least_rate_is_read_however_long_it_takes()
    {
        using var server = new ServerFixture(app => app.OnEcho());
        HttpPeer peer = server.ConnectNow();
        peer.Send(Announced);
        for (int i = 0; i < 100_000 / 250; i++)
        {
            peer.Send(new string('x', 250));
            server.RunFor(1);
        }

        Assert.That(peer.TakeOne("POST").Body, Has.Length.EqualTo(100_000));
    }

    [Test]
    public void A_handler_that_does_not_read_does_not_make_its_client_slow()
    {
        using var server = new ServerFixture(app => app.Post("/echo", async request =>
        {
            await EventLoop.Delay(TimeSpan.FromHours(1));
            return Response.Bytes(await request.ReadAsync());
        }));
        HttpPeer peer = server.ConnectNow();
        peer.Send(Announced);
        server.RunFor(3600);
        peer.Send(new string('x', 100_000));
        server.RunFor(1);

        Assert.That(peer.TakeOne("POST").Status, Is.EqualTo(200));
    }

    [Test]
    public void A_body_that_nobody_wanted_and_that_stands_still_ends_the_connection()
    {
        using var server = new ServerFixture(
            app => app.On("POST", "/echo", _ => new Response(204)));
        HttpPeer peer = server.ConnectNow();
        peer.Send(Announced);
        server.RunFor(4.9);
        Assert.That(peer.IsEnded, Is.False, "the rest is drained");
        server.RunFor(0.2);

        Assert.That((peer.TakeOne("POST").Status, peer.IsEnded), Is.EqualTo((204, true)));
    }

    [Test]
    public void A_handler_may_answer_a_slow_body_itself()
    {
        using var server = new ServerFixture(app => app.Post("/echo", async request =>
        {
            try
            {
                await request.ReadAsync();
            }
            catch (RequestBodyException)
            {
                return Response.Text("too slow for me", 400);
            }

            return Response.Text("read");
        }));
        HttpPeer peer = server.ConnectNow();
        peer.Send(Announced);
        server.RunFor(6);
        RawAnswer answer = peer.TakeOne("POST");

        Assert.That((answer.Text, answer.SaysClose), Is.EqualTo(("too slow for me", true)));
        Assert.That(peer.IsEnded);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void A_handler_can_tell_a_slow_body_from_a_client_that_has_gone(bool isStreamed)
    {
        var reasons = new List<Rejection>();
        using var server = new ServerFixture(app => app.Post("/echo", async request =>
        {
            try
            {
                if (isStreamed)
                {
                    await request.Body.ReadAtLeastAsync(100);
                }
                else
                {
                    await request.ReadAsync();
                }
            }
            catch (RequestBodyException error)
            {
                reasons.Add(error.Reason);
                throw;
            }

            return Response.Text("read");
        }));
        HttpPeer slow = server.ConnectNow();
        slow.Send(Announced);
        server.RunFor(6);
        HttpPeer gone = server.ConnectNow();
        gone.Send(Announced);
        gone.End();
        server.RunFor(6);

        Assert.That(
            reasons, Is.EqualTo(new[] { Rejection.BodyTooSlow, Rejection.BodyIncomplete }));
        Assert.That(
            (slow.TakeOne("POST").Status, gone.TakeOne("POST").Status), Is.EqualTo((408, 400)));
        Assert.That(
            server.Logged(), Has.Exactly(1).Contains("TIME-BODY"), "each is reported once");
        Assert.That(server.Logged(), Has.Exactly(1).Contains("BODY-INCOMPLETE"));
    }

    [TestCase(66_000)]
    [TestCase(100_000)]
    public void A_client_that_takes_nothing_is_reset_after_the_grace(int bytes)
    {
        using ServerFixture server = Serving(bytes);
        HttpPeer peer = Asking(server, out TimeSpan begun);
        AssertResets(server, peer, begun + TimeSpan.FromSeconds(5));
        Assert.That(server.RentedBlocks, Is.Zero);
    }

    // 240 bytes a second: 2,400 bytes last ten seconds from the beginning of the wait.
    [TestCase(2400, 10)]
    [TestCase(1200, 5)]
    [TestCase(1201, 5.0041666)]
    public void A_client_is_reset_at_the_moment_when_its_rate_falls_below_the_least(
        int bytes, double seconds)
    {
        using ServerFixture server = Serving(400_000);
        HttpPeer peer = Asking(server, out TimeSpan begun);
        server.RunFor(1);
        Assert.That(peer.Read(bytes), Is.EqualTo(bytes));

        AssertResets(
            server, peer, begun + TimeSpan.FromSeconds(seconds), TimeSpan.FromMicroseconds(1));
    }

    [Test]
    public void A_client_that_keeps_the_least_rate_gets_everything_however_long_it_takes()
    {
        using ServerFixture server = Serving(100_000);
        HttpPeer peer = Asking(server, out _);
        server.Settle();
        for (int i = 0; i < 100_000 / 250; i++)
        {
            Assert.That(peer.Read(250), Is.EqualTo(250), $"after {i} s");
            server.RunFor(1);
        }

        peer.IsReading = true;
        server.Settle();
        Assert.That(peer.TakeOne().Body, Has.Length.EqualTo(100_000));
    }

    [Test]
    public void A_client_that_takes_nothing_more_is_reset_30_seconds_after_the_last_byte()
    {
        using ServerFixture server = Serving(400_000);
        HttpPeer peer = Asking(server, out TimeSpan begun);
        server.RunFor(1);
        peer.Read(60_000);

        AssertResets(server, peer, begun + TimeSpan.FromSeconds(31));
    }

    // The driver has sent nothing more when a byte is taken: the kernel is asked each second.
    [Test]
    public void Silence_is_known_to_a_second_where_only_the_kernel_knows_of_the_last_byte()
    {
        using ServerFixture server = Serving(400_000);
        HttpPeer peer = Asking(server, out TimeSpan begun);
        server.RunFor(1);
        peer.Read(60_000);
        server.RunFor(1.5);
        peer.Read(1);

        AssertResets(server, peer, begun + TimeSpan.FromSeconds(33));
    }

    [Test]
    public void What_was_taken_of_one_answer_does_not_count_for_the_next()
    {
        using ServerFixture server = Serving(400_000);
        HttpPeer peer = Asking(server, out _);
        server.RunFor(1);
        peer.IsReading = true;
        server.Settle();
        Assert.That(peer.TakeOne().Status, Is.EqualTo(200));

        peer.IsReading = false;
        TimeSpan begun = server.Driver.Now;
        peer.Send(Get("/"));
        AssertResets(server, peer, begun + TimeSpan.FromSeconds(5));
    }

    private static ServerFixture Serving(int bytes) =>
        new(app => app.OnGet("/", _ => Response.Bytes(new byte[bytes])));

    /// <summary>A client that has asked and reads nothing: 64 KiB fit its window.</summary>
    private static HttpPeer Asking(ServerFixture server, out TimeSpan begun)
    {
        HttpPeer peer = server.ConnectNow();
        peer.IsReading = false;
        begun = server.Driver.Now;
        peer.Send(Get("/"));
        return peer;
    }

    private static void AssertResets(
        ServerFixture server, HttpPeer peer, TimeSpan end, TimeSpan within = default)
    {
        within = within == default ? s_tick : within;
        server.RunTo(end - within);
        Assert.That((peer.IsReset, server.ConnectionTasks), Is.EqualTo((false, 1)));

        server.RunTo(end + within);
        Assert.That((peer.IsReset, server.ConnectionTasks), Is.EqualTo((true, 0)));
    }

    private static void AssertEnds(
        ServerFixture server, HttpPeer peer, TimeSpan end, TimeSpan within = default)
    {
        within = within == default ? s_tick : within;
        server.RunTo(end - within);
        Assert.That(peer.Received, Is.Empty, "before the limit");

        server.RunTo(end + within + s_tick);
        RawAnswer answer = peer.TakeOne("POST");
        Assert.That((answer.Status, answer.SaysClose, peer.IsEnded), Is.EqualTo((408, true, true)));
    }
}

using System.Text;
using Reactor.Http.Protocol;
using Reactor.Simulation;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Peers that send or take too slowly: the least rate and the longest pause, to the tick.
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
        peer.Send(new string('x', 40_000));

        AssertEnds(server, peer, last + TimeSpan.FromSeconds(30));
    }

    // The rate looks at the last 30 seconds of waiting: a fast beginning is not saved up. Of 24
    // seconds' worth of bytes (5,760), 10 are used by then, and a byte is worth 4 ms.
    [TestCase(5760, 24.0041666)]
    [TestCase(50_000, 30.0041666)]
    [TestCase(90_000, 30.0041666)]
    public void A_body_that_comes_fast_and_then_trickles_is_408_as_soon_as_the_rate_is_missed(
        int bytes, double seconds)
    {
        using var server = new ServerFixture(app => app.OnEcho());
        HttpPeer peer = server.ConnectNow();
        TimeSpan begun = server.Driver.Now;
        peer.Send(Announced + new string('x', bytes));
        server.RunFor(10);
        peer.Send("x");

        AssertEnds(
            server, peer, begun + TimeSpan.FromSeconds(seconds), TimeSpan.FromMicroseconds(1));
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

    // A window of 24,000 bytes is acknowledged as they arrive: at 240 bytes a second they take 100
    // seconds to read, less than the 120 that are allowed anyway. The first look is after a second.
    [TestCase(66_000)]
    [TestCase(400_000)]
    public void A_client_that_acknowledges_nothing_for_120_seconds_is_reset(int bytes)
    {
        using ServerFixture server = Serving(bytes, windowBytes: 24_000);
        HttpPeer peer = Asking(server, out TimeSpan begun);

        AssertResets(server, peer, begun + TimeSpan.FromSeconds(121));
        Assert.That(server.RentedBlocks, Is.Zero);
    }

    [Test]
    public void A_reset_of_a_client_that_stopped_is_logged_in_one_line_with_the_numbers()
    {
        using ServerFixture server = Serving(400_000, windowBytes: 24_000);
        HttpPeer[] peers = [.. Enumerable.Range(0, 5).Select(_ => Asking(server, out TimeSpan _))];
        server.RunFor(122);

        Assert.That(peers.Select(peer => peer.IsReset), Is.All.True);
        string line = server.Logged().Single();
        Assert.That(line, Does.Contain("127.0.0.1:").And.Contain("acknowledged 24000 bytes"));
        int wholeBytes = HeadBytes + 400_000;
        Assert.That(line, Does.Contain($"{wholeBytes - 24_000} are lost"));
    }

    [Test]
    public void The_next_line_says_how_many_clients_were_reset_without_one()
    {
        using ServerFixture server = Serving(400_000, windowBytes: 24_000);
        for (int i = 0; i < 5; i++)
        {
            Asking(server, out _);
        }

        server.RunFor(10);
        Asking(server, out _);
        server.RunFor(130);
        Assert.That(
            server.Logged().Where(line => line.Contains("clients that took nothing")),
            Has.One.Contains("4"));
    }

    // 64 KiB that were acknowledged take 65,536 / 240 s to read at the least rate.
    [TestCase(24_000 + 4800, 120.0 + 1)]
    [TestCase(65_536, 65_536 / 240.0)]
    [TestCase(128 * 1024, 128 * 1024 / 240.0)]
    [TestCase(200_000, 128 * 1024 / 240.0)]
    public void A_client_has_the_time_that_it_needs_at_the_least_rate_for_what_it_acknowledged(
        int windowBytes, double seconds)
    {
        using ServerFixture server = Serving(800_000, windowBytes);
        HttpPeer peer = Asking(server, out TimeSpan begun);

        AssertResets(
            server, peer, begun + TimeSpan.FromSeconds(seconds), TimeSpan.FromMicroseconds(1));
    }

    [Test]
    public void Without_a_least_rate_only_the_pause_counts()
    {
        using ServerFixture server = Serving(
            400_000, 65_536, new HttpServerOptions { Times = new() { BytesPerSecondMin = 0 } });
        HttpPeer peer = Asking(server, out TimeSpan begun);

        AssertResets(server, peer, begun + TimeSpan.FromSeconds(121));
    }

    [Test]
    public void Without_a_limit_of_the_pause_a_client_may_take_as_long_as_it_likes()
    {
        using ServerFixture server = Serving(
            400_000,
            1000,
            new HttpServerOptions { Times = new() { SendIdleTimeout = TimeSpan.MaxValue } });
        HttpPeer peer = Asking(server, out _);
        server.RunFor(100_000);
        peer.IsReading = true;
        server.Settle();

        Assert.That(peer.TakeOne().Body, Has.Length.EqualTo(400_000));
    }

    [Test]
    public void A_step_after_119_seconds_ends_the_pause()
    {
        using ServerFixture server = Serving(400_000, windowBytes: 1000);
        HttpPeer peer = Asking(server, out TimeSpan begun);
        server.RunTo(begun + TimeSpan.FromSeconds(119.5));
        Assert.That(peer.Read(1000), Is.EqualTo(1000));
        server.RunTo(begun + TimeSpan.FromSeconds(121));
        peer.IsReading = true;
        server.Settle();

        Assert.That(peer.TakeOne().Body, Has.Length.EqualTo(400_000));
    }

    // At 10 bytes a second as the least rate: a reader of 9 loses one in ten seconds. It has 100
    // seconds in hand from its window of 1,000 bytes, and 120 that it may be behind: 2,200 seconds.
    [TestCase(9, 2200)]
    [TestCase(5, 440)]
    public void A_client_below_the_least_rate_is_reset_when_it_is_behind_by_a_pause(
        int bytesPerSecond, double seconds)
    {
        using ServerFixture server = Serving(
            100_000, 1000, new HttpServerOptions { Times = new() { BytesPerSecondMin = 10 } });
        HttpPeer peer = Asking(server, out TimeSpan begun);
        server.Settle();
        while (!peer.IsReset && server.Driver.Now < begun + TimeSpan.FromHours(1))
        {
            peer.Read(bytesPerSecond);
            server.RunFor(1);
        }

        Assert.That(
            (server.Driver.Now - begun).TotalSeconds, Is.EqualTo(seconds).Within(2).Percent);
        Assert.That(server.ConnectionTasks, Is.Zero);
    }

    [TestCase(10)]
    [TestCase(11)]
    public void A_client_that_keeps_the_least_rate_gets_everything_however_long_it_takes(
        int bytesPerSecond)
    {
        using ServerFixture server = Serving(
            100_000, 1000, new HttpServerOptions { Times = new() { BytesPerSecondMin = 10 } });
        HttpPeer peer = Asking(server, out _);
        server.Settle();
        for (int i = 0; i < 90_000 / bytesPerSecond; i++)
        {
            Assert.That(peer.Read(bytesPerSecond), Is.EqualTo(bytesPerSecond), $"after {i} s");
            server.RunFor(1);
        }

        peer.IsReading = true;
        server.Settle();
        Assert.That(peer.TakeOne().Body, Has.Length.EqualTo(100_000));
    }

    // The driver has sent nothing more when a byte is taken: the kernel is asked each second.
    [Test]
    public void A_step_is_known_to_a_second()
    {
        using ServerFixture server = Serving(400_000, windowBytes: 1000);
        HttpPeer peer = Asking(server, out TimeSpan begun);
        server.RunTo(begun + TimeSpan.FromSeconds(2.5));
        peer.Read(1);

        AssertResets(server, peer, begun + TimeSpan.FromSeconds(123));
    }

    [Test]
    public void What_was_taken_of_one_answer_does_not_excuse_a_stop_in_the_next_for_ever()
    {
        using ServerFixture server = Serving(4_000_000);
        HttpPeer peer = Asking(server, out _);
        server.RunFor(1);
        peer.IsReading = true;
        server.Settle();
        Assert.That(peer.TakeOne().Status, Is.EqualTo(200));

        peer.IsReading = false;
        TimeSpan begun = server.Driver.Now;
        peer.Send(Get("/"));
        AssertResets(
            server, peer, begun + TimeSpan.FromSeconds(128 * 1024 / 240.0),
            TimeSpan.FromSeconds(1));
    }

    private static int HeadBytes => Encoding.ASCII.GetByteCount(
        "HTTP/1.1 200 OK\r\nServer: reactor\r\nDate: Sat, 01 Jan 2000 00:00:00 GMT\r\n"
        + "Content-Type: application/octet-stream\r\nContent-Length: 400000\r\n\r\n");

    private static ServerFixture Serving(
        int bytes, int windowBytes = 64 * 1024, HttpServerOptions? options = null) => new(
            app => app.OnGet("/", _ => Response.Bytes(new byte[bytes])),
            options,
            new InMemoryOptions { WindowBytes = windowBytes });

    /// <summary>A client that has asked and reads nothing.</summary>
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

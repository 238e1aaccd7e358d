using Reactor.Simulation;
using Reactor.Testing;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// The staged close of RFC 9112 9.6: our end first, then a while in which what still comes is
/// discarded, so that no reset destroys the answer; and that this while has its limits.
/// </summary>
public class LingeringCloseTests
{
    private const string Bad = "BAD\r\n\r\n";

    [Test]
    public void H66_a_peer_that_still_sends_gets_the_whole_answer_and_no_reset()
    {
        using var server = new ServerFixture();
        HttpPeer peer = server.Connect();
        Assert.That(peer.Ask(Bad).Status, Is.EqualTo(400));
        for (int i = 0; i < 4; i++)
        {
            peer.Send(new string('x', 10_000));
            server.RunFor(1);
            Assert.That((peer.IsEnded, peer.IsReset), Is.EqualTo((true, false)));
        }

        peer.End();
        server.Settle();
        Assert.That((peer.IsReset, server.ConnectionTasks), Is.EqualTo((false, 0)));
    }

    [Test]
    public void H66_a_peer_that_never_ends_is_closed_in_order_at_the_timeout_and_not_before()
    {
        using var server = new ServerFixture(
            options: new HttpServerOptions
            {
                Times = new()
                {
                    LingerTimeout = TimeSpan.FromSeconds(7),
                    LingerIdleTimeout = TimeSpan.FromSeconds(8),
                },
            });
        HttpPeer peer = server.ConnectNow();
        TimeSpan refused = server.Driver.Now;
        peer.Ask(Bad);
        Pass(server, refused + TimeSpan.FromSeconds(7) - TimeSpan.FromTicks(2));
        Assert.That((server.ConnectionTasks, peer.IsReset), Is.EqualTo((1, false)));

        Pass(server, refused + TimeSpan.FromSeconds(7) + TimeSpan.FromTicks(1));
        Assert.That((server.ConnectionTasks, peer.IsReset), Is.EqualTo((0, false)));
        Assert.That(server.Driver.OpenSockets, Is.Zero);
    }

    [Test]
    public void A_peer_that_falls_silent_is_closed_in_order_two_seconds_after_its_last_byte()
    {
        using var server = new ServerFixture();
        HttpPeer peer = server.ConnectNow();
        peer.Ask(Bad);
        server.RunFor(1.5);
        TimeSpan last = server.Driver.Now;
        peer.Send("x");
        Pass(server, last + TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(1));
        Assert.That(peer.IsReset, Is.False);

        Pass(server, last + TimeSpan.FromSeconds(2) + TimeSpan.FromTicks(1));
        Assert.That((server.ConnectionTasks, peer.IsReset), Is.EqualTo((0, false)));
    }

    [Test]
    public void A_peer_that_never_falls_silent_is_closed_in_order_after_five_seconds_in_all()
    {
        using var server = new ServerFixture();
        HttpPeer peer = server.ConnectNow();
        TimeSpan refused = server.Driver.Now;
        peer.Ask(Bad);
        for (double at = 0.5; at < 5; at += 0.5)
        {
            Pass(server, refused + TimeSpan.FromSeconds(at));
            peer.Send("x");
        }

        Pass(server, refused + TimeSpan.FromSeconds(5) - TimeSpan.FromTicks(1));
        Assert.That(peer.IsReset, Is.False);
        Pass(server, refused + TimeSpan.FromSeconds(5) + TimeSpan.FromTicks(1));
        Assert.That((server.ConnectionTasks, peer.IsReset), Is.EqualTo((0, false)));
    }

    [TestCase(-1, true)]
    [TestCase(0, false)]
    public void H66_a_peer_that_sends_too_much_is_cut_off_at_the_limit(int beyond, bool lives)
    {
        const int Limit = 50_000;
        using var server = new ServerFixture(
            options: new HttpServerOptions { Limits = new() { LingerBytesMax = Limit } });
        HttpPeer peer = server.Connect();
        peer.Ask(Bad);
        peer.Send(new string('x', Limit + beyond));
        server.Settle();

        Assert.That(server.ConnectionTasks, Is.EqualTo(lives ? 1 : 0));
        Assert.That(peer.IsReset, Is.False, "nothing came after the end");
        peer.Send("x");
        server.Settle();
        Assert.That(server.ConnectionTasks, Is.Zero);
    }

    [Test]
    public void A_peer_that_floods_costs_one_buffer_and_ends()
    {
        using var server = new ServerFixture(
            options: new HttpServerOptions { Limits = new() { LingerBytesMax = 1024 * 1024 } });
        HttpPeer peer = server.ConnectNow();
        peer.Send(Bad);
        peer.Send(new byte[4 * 1024 * 1024]);
        server.Settle();

        Assert.That((server.ConnectionTasks, server.RentedBlocks), Is.EqualTo((0, 0)));
        Assert.That(peer.IsReset, "more came after the close");
    }

    // The default limit of a body is 1 MiB, and a client sends all of it before it reads.
    [TestCase(4_000_000)]
    [TestCase(20_000_000)]
    public void A_client_reads_the_413_of_an_upload_that_it_sends_to_its_end(int bytes)
    {
        using var server = new ServerFixture(app => app.OnEcho());
        HttpPeer peer = server.ConnectNow();
        peer.Send($"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: {bytes}\r\n\r\n");
        for (int sent = 0; sent < bytes; sent += 1_000_000)
        {
            peer.Send(new byte[1_000_000]);
            server.RunFor(0.1); // 10 MB/s
        }

        Assert.That((peer.UnsentBytes, peer.IsReset), Is.EqualTo((0L, false)));
        Assert.That(peer.TakeOne("POST").Status, Is.EqualTo(413));
        peer.End();
        server.Settle();
        Assert.That((peer.IsReset, server.ConnectionTasks), Is.EqualTo((false, 0)));
    }

    [Test]
    public void A_peer_that_sends_does_not_keep_others_from_their_turns()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "x"));
        HttpPeer flood = server.ConnectNow();
        HttpPeer other = server.ConnectNow();
        flood.Send(Bad);
        flood.Send(new byte[8 * 1024 * 1024]);
        other.Send(Get("/"));
        for (int turn = 0; turn < 20; turn++)
        {
            server.Loop.RunOnce();
        }

        Assert.That(flood.UnsentBytes, Is.Positive, "it still sends");
        Assert.That(other.TakeOne().Text, Is.EqualTo("x"));
    }

    [Test]
    public void H66_a_peer_that_ended_already_is_not_waited_for()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "x"));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        peer.End();
        server.Settle();

        Assert.That(peer.TakeOne().Text, Is.EqualTo("x"));
        Assert.That((peer.IsEnded, server.ConnectionTasks), Is.EqualTo((true, 0)));
    }

    [Test]
    public void A_peer_that_resets_while_we_linger_ends_it()
    {
        using var server = new ServerFixture();
        HttpPeer peer = server.Connect();
        peer.Ask(Bad);
        peer.Reset();
        server.Settle();

        Assert.That(server.ConnectionTasks, Is.Zero);
    }

    [Test]
    public void A_client_that_ends_its_stream_and_vanishes_is_not_waited_for([Values] bool isIdle)
    {
        using var server = new ServerFixture(app => app.OnGet("/", "x"));
        server.Recorder.LosesEnds = true;
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/"));
        if (isIdle)
        {
            server.RunFor(1);
        }

        peer.End();
        server.Settle();
        Assert.That(peer.TakeOne().Text, Is.EqualTo("x"));
        Assert.That(server.ConnectionTasks, Is.Zero, "the response was acknowledged");
    }

    [Test]
    public void A_client_that_vanishes_with_its_response_is_lingered_for_and_no_longer()
    {
        using var server = new ServerFixture();
        server.Recorder.LosesEnds = true;
        HttpPeer peer = server.ConnectNow();
        TimeSpan refused = server.Driver.Now;
        peer.Ask(Bad);
        Pass(server, refused + TimeSpan.FromSeconds(2) - TimeSpan.FromTicks(2));
        Assert.That(server.ConnectionTasks, Is.EqualTo(1));
        Pass(server, refused + TimeSpan.FromSeconds(2) + TimeSpan.FromTicks(1));
        Assert.That(server.ConnectionTasks, Is.Zero);
    }

    [Test]
    public void The_close_of_an_idle_connection_by_its_client_costs_one_question_to_the_system()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "x"));
        HttpPeer peer = server.ConnectNow();
        HttpPeer silent = server.ConnectNow();
        peer.Ask(Get("/"));
        OpenConnection connection = server.Http.Host.Connections
            .Single(one => one.Connection.SentBytes > 0);
        server.Recorder.Forget();
        peer.Close();
        silent.Close();
        server.Settle();

        RecordingDriver recorder = server.Recorder;
        Assert.That(
            (recorder.Receives, recorder.EmptyReceives, recorder.Questions, recorder.Ends),
            Is.EqualTo((0, 2, 1, 0)), "the end of each, and whether the response has arrived");
        Assert.That(connection.HasExtras, Is.False, "nothing is allocated for it");
        Assert.That(server.ConnectionTasks, Is.Zero);
    }

    // The window has room for the bytes of several turns: input is always ready.
    [Test]
    public void A_client_that_sends_without_a_pause_is_closed_after_five_seconds_in_all()
    {
        using var server = new ServerFixture(
            network: new InMemoryOptions { WindowBytes = 1024 * 1024 });
        HttpPeer flood = server.ConnectNow();
        TimeSpan refused = server.Driver.Now;
        flood.Ask(Bad);
        flood.Send(new byte[32 * 1024 * 1024]);
        for (double at = 0; at < 5; at += 0.25)
        {
            server.Loop.RunOnce();
            server.Driver.Advance(TimeSpan.FromSeconds(0.25));
            Assert.That(server.ConnectionTasks, Is.EqualTo(1), $"after {at} s");
        }

        Assert.That(server.Driver.Now, Is.GreaterThan(refused + TimeSpan.FromSeconds(5)));
        Assert.That(flood.UnsentBytes, Is.Positive, "it still sends");
        for (int turn = 0; turn < 2 && server.ConnectionTasks > 0; turn++)
        {
            server.Loop.RunOnce();
        }

        Assert.That(server.ConnectionTasks, Is.Zero);
    }

    private static void Pass(ServerFixture server, TimeSpan moment) =>
        server.Run(async () => await EventLoop.Delay(moment - server.Driver.Now));
}

using Reactor.Simulation;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Readers that are slow but steady, with the steps of acknowledgement that loopback shows: each
/// gets every byte, whatever follows the response; and the ones that stop are reset.
/// </summary>
public class SlowReaderTests
{
    private const int ThreeMegabytes = 3_000_000;

    // Measured on loopback (Linux 6.18): 124 KiB at first, then every 106 KiB; the kernel takes the
    // rest at once. And a window of 64 KiB, with a bound of what is kept unsent.
    private static readonly InMemoryOptions[] s_networks =
    [
        new() { WindowBytes = 126_976, WindowStepBytes = 108_544, SendBufferBytes = 4_000_000 },
        new() { WindowBytes = 65_536, WindowStepBytes = 65_536, SendBufferBytes = 131_072 },
    ];

    [Test]
    public void A_slow_but_steady_reader_gets_every_byte(
        [Values(300_000, ThreeMegabytes)] int bytes,
        [Values(300, 2_000, 50_000)] int bytesPerSecond,
        [Values("1.1 close", "1.0 close", "1.1 keep-alive")] string kind,
        [Values(0, 1)] int network)
    {
        using var server = Serving(bytes, network);
        HttpPeer peer = Asking(server, kind);
        ReadAll(server, peer, bytesPerSecond);

        Assert.That(peer.IsReset, Is.False);
        Assert.That(peer.TakeOne().Body, Has.Length.EqualTo(bytes));
        Assert.That(server.Logged(), Is.Empty);
    }

    // Input that comes after a close would be a reset, and drop what is not delivered. All is
    // acknowledged after (300,000 - 126,976) / 2,000 = 86 s, if nothing follows.
    [Test]
    public void A_slow_reader_that_goes_on_sending_gets_every_byte(
        [Values("1.1 close", "1.0 close", "1.1 keep-alive")] string kind)
    {
        using var server = Serving(300_000, network: 0);
        HttpPeer peer = Asking(server, kind);
        for (int i = 0; i < 80 && !peer.IsReset; i++)
        {
            peer.Read(2000);
            peer.Send("\r\n");
            server.RunFor(1);
        }

        ReadAll(server, peer, 2000);
        Assert.That(peer.IsReset, Is.False);
        Assert.That(peer.Take()[0].Body, Has.Length.EqualTo(300_000));
    }

    [Test]
    public void A_slow_reader_that_has_ended_its_own_stream_gets_every_byte()
    {
        using var server = Serving(ThreeMegabytes, network: 0);
        HttpPeer peer = Asking(server, "1.1 keep-alive");
        peer.End();
        ReadAll(server, peer, 2000);

        Assert.That(peer.TakeOne().Body, Has.Length.EqualTo(ThreeMegabytes));
        server.RunFor(1);
        Assert.That(server.ConnectionTasks, Is.Zero, "delivered: nothing is waited for");
    }

    // The idle time is over after 75 seconds, the response after 150.
    [Test]
    public void A_request_that_comes_after_the_idle_time_destroys_no_response_before_it()
    {
        using var server = Serving(300_000, network: 0);
        HttpPeer peer = Asking(server, "1.1 keep-alive");
        for (int i = 0; i < 100; i++)
        {
            peer.Read(2000);
            server.RunFor(1);
        }

        peer.Send(Get("/"));
        ReadAll(server, peer, 2000);
        Assert.That((peer.IsReset, peer.IsEnded), Is.EqualTo((false, true)));
        Assert.That(peer.TakeOne().Body, Has.Length.EqualTo(300_000));
    }

    [Test]
    public void A_shutdown_delivers_what_an_idle_connection_has_not_acknowledged()
    {
        using var server = Serving(300_000, network: 0);
        HttpPeer peer = Asking(server, "1.1 keep-alive");
        server.RunFor(1);
        LoopTask shutdown = server.BeginShutdown();
        for (int i = 0; i < 20 && !peer.IsEnded; i++)
        {
            peer.Read(20_000);
            server.RunFor(1);
            if (i < 5)
            {
                peer.Send("\r\n"); // input after a close would reset the connection
            }
        }

        Assert.That((peer.IsReset, peer.IsEnded), Is.EqualTo((false, true)));
        Assert.That(peer.TakeOne().Body, Has.Length.EqualTo(300_000));
        peer.End();
        server.Settle();
        Assert.That(shutdown.IsDone);
    }

    [Test]
    public void A_reader_that_stops_is_reset_with_one_line_although_the_kernel_took_everything(
        [Values("1.1 close", "1.1 keep-alive")] string kind)
    {
        using var server = Serving(300_000, network: 0);
        HttpPeer peer = Asking(server, kind);
        server.RunFor(75 + (126_976 / 240.0) + 10);

        Assert.That((peer.IsReset, server.ConnectionTasks), Is.EqualTo((true, 0)));
        Assert.That(server.Logged(), Has.One.Contains("takes nothing"));
    }

    [Test]
    public void A_reset_of_a_client_that_had_ended_its_stream_is_noticed_within_a_second()
    {
        using var server = Serving(300_000, network: 0);
        HttpPeer peer = Asking(server, "1.1 close");
        peer.End();
        server.RunFor(20);
        Assert.That(server.ConnectionTasks, Is.EqualTo(1));
        peer.Reset();
        server.RunFor(1);

        Assert.That(server.ConnectionTasks, Is.Zero);
    }

    [TestCase("reads", "Delivered")]
    [TestCase("stops", "GaveUp")]
    [TestCase("resets", "GaveUp")]
    [TestCase("ends and resets", "GaveUp")]
    public void The_close_knows_whether_the_client_has_acknowledged_everything(
        string what, string expected)
    {
        using var server = Serving(300_000, network: 0);
        HttpPeer peer = Asking(server, "1.1 close");
        server.RunFor(1);
        OpenConnection connection = server.Http.Host.Connections.Single();
        Assert.That(connection.Delivery, Is.EqualTo(Delivery.Pending));
        switch (what)
        {
            case "reads":
                peer.IsReading = true;
                break;
            case "ends and resets":
                peer.End();
                server.Settle();
                peer.Reset();
                break;
            case "resets":
                peer.Reset();
                break;
        }

        server.RunFor(700);
        Assert.That(connection.Delivery.ToString(), Is.EqualTo(expected));
    }

    private static ServerFixture Serving(int bytes, int network) => new(
        app => app.OnGet("/", _ => Response.Bytes(new byte[bytes])), network: s_networks[network]);

    private static HttpPeer Asking(ServerFixture server, string kind)
    {
        HttpPeer peer = server.ConnectNow();
        peer.IsReading = false;
        string[] words = kind.Split(' ');
        peer.Send($"GET / HTTP/{words[0]}\r\nHost: test\r\nConnection: {words[1]}\r\n\r\n");
        server.Settle();
        return peer;
    }

    /// <summary>Reads at a rate until nothing has come for longer than a step takes.</summary>
    private static void ReadAll(ServerFixture server, HttpPeer peer, int bytesPerSecond)
    {
        int silent = 0;
        while (!peer.IsReset && !peer.IsEnded && silent < 2)
        {
            silent = peer.Read(bytesPerSecond) == 0 ? silent + 1 : 0;
            server.RunFor(1);
        }
    }
}

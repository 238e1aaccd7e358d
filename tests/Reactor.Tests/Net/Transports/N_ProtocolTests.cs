using System.Net.Sockets;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;
using Reactor.Tests.Net;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Connections in callback style: how they begin, how reading is paused, how they end. Statements
/// N09 and N12 to N16.
/// </summary>
public class N_ProtocolTests
{
    [Test]
    public void N09_connection_made_comes_first_though_bytes_are_there_already()
    {
        var protocol = new StoryProtocol();
        using var served = ServedLoop.OfProtocols(() => protocol);
        InMemoryPeer peer = served.World.Driver.ConnectPeer(served.Server.EndPoints[0]);
        peer.Send("hello"u8);
        peer.SendEnd();
        served.World.Settle();

        Assert.That(protocol.Story, Is.EqualTo("made data:hello eof lost:null"));
    }

    [Test]
    public void N09_a_client_has_its_transport_when_connection_made_has_run()
    {
        using var served = ServedLoop.OfProtocols(() => new StoryProtocol());
        var order = new List<string>();
        served.World.Run(async () =>
        {
            (ITransport transport, StoryProtocol protocol) =
                await served.World.Loop.CreateConnection(
                    () => new StoryProtocol
                    {
                        On = (self, word) => order.Add($"{word} {self.Transport.IsReading}"),
                    },
                    served.Server.EndPoints[0]);
            order.Add("waiter");

            Assert.That(protocol.Transport, Is.SameAs(transport));
            Assert.That(transport.Protocol, Is.SameAs(protocol));
            Assert.That(transport.RemoteEndPoint, Is.EqualTo(served.Server.EndPoints[0]));
            Assert.That(order, Is.EqualTo(new[] { "made True", "waiter" }));
            transport.Abort();
        });
        served.World.Settle();
    }

    [Test]
    public void N09_reading_may_be_paused_in_connection_made()
    {
        var protocol = new StoryProtocol
        {
            On = (self, word) =>
            {
                if (word == "made")
                {
                    self.Transport.PauseReading();
                }
            },
        };
        using var served = ServedLoop.OfProtocols(() => protocol);
        InMemoryPeer peer = served.Connect();
        peer.Send("waits"u8);
        served.World.Settle();
        Assert.That(protocol.Story, Is.EqualTo("made"));
        Assert.That(protocol.Transport.IsReading, Is.False);

        protocol.Transport.ResumeReading();
        served.World.Settle();
        Assert.That(protocol.Story, Is.EqualTo("made data:waits"));
    }

    [Test]
    public void N12_close_reads_no_more_sends_what_is_buffered_and_then_connection_is_lost_once()
    {
        var protocol = new StoryProtocol();
        using var served = ServedLoop.OfProtocols(
            () => protocol, new InMemoryOptions { WindowBytes = 1000 });
        InMemoryPeer peer = served.Connect();
        peer.IsReading = false;
        byte[] data = new byte[30_000];
        new Random(1).NextBytes(data);
        protocol.Transport.Write(data);
        protocol.Transport.Close();
        protocol.Transport.Close();
        protocol.Transport.Write("dropped"u8);
        peer.Send("not read"u8);
        served.World.Settle();

        Assert.That(protocol.Story, Is.EqualTo("made"));
        Assert.That(
            (protocol.Transport.IsClosing, protocol.Transport.IsReading),
            Is.EqualTo((true, false)));

        peer.IsReading = true;
        served.World.Settle();
        Assert.That(protocol.Story, Is.EqualTo("made lost:null"));
        Assert.That(peer.Received.ToArray(), Is.EqualTo(data));
        protocol.Transport.Close();
        protocol.Transport.Abort();
        served.World.Settle();
        Assert.That(protocol.Story, Is.EqualTo("made lost:null"), "once");
    }

    [Test]
    public void N12_close_without_anything_buffered_is_told_in_the_next_turn()
    {
        var protocol = new StoryProtocol();
        using var served = ServedLoop.OfProtocols(() => protocol);
        InMemoryPeer peer = served.Connect();
        protocol.Transport.Close();
        Assert.That(protocol.Story, Is.EqualTo("made"), "not from inside the call");
        served.World.Loop.RunBriefly();

        Assert.That(protocol.Story, Is.EqualTo("made lost:null"));
        served.World.Settle();
        Assert.That((peer.IsEnded, peer.IsReset), Is.EqualTo((true, false)));
    }

    [Test]
    public void N12_abort_drops_what_is_buffered_and_resets()
    {
        var protocol = new StoryProtocol();
        using var served = ServedLoop.OfProtocols(
            () => protocol, new InMemoryOptions { WindowBytes = 1000 });
        InMemoryPeer peer = served.Connect();
        peer.IsReading = false;
        protocol.Transport.Write(new byte[30_000]);
        protocol.Transport.Abort();
        protocol.Transport.Abort();
        served.World.Settle();

        Assert.That(protocol.Story, Is.EqualTo("made lost:null"));
        Assert.That(protocol.Transport.WriteBufferSize, Is.Zero);
        Assert.That(peer.IsReset);
    }

    [Test]
    public void N12_an_abort_ends_a_close_that_waits_for_the_peer()
    {
        var protocol = new StoryProtocol();
        using var served = ServedLoop.OfProtocols(
            () => protocol, new InMemoryOptions { WindowBytes = 1000 });
        InMemoryPeer peer = served.Connect();
        peer.IsReading = false;
        protocol.Transport.Write(new byte[1001]);
        protocol.Transport.Close();
        served.World.RunFor(TimeSpan.FromDays(1));
        Assert.That(protocol.Story, Is.EqualTo("made"), "the peer may take its time");

        protocol.Transport.Abort();
        served.World.Settle();
        Assert.That(protocol.Story, Is.EqualTo("made lost:null"));
    }

    [Test]
    public void N13_pause_and_resume_reading_are_idempotent()
    {
        var protocol = new StoryProtocol();
        using var served = ServedLoop.OfProtocols(() => protocol);
        InMemoryPeer peer = served.Connect();
        protocol.Transport.ResumeReading();
        protocol.Transport.PauseReading();
        protocol.Transport.PauseReading();
        Assert.That(protocol.Transport.IsReading, Is.False);
        peer.Send("one"u8);
        served.World.Settle();
        Assert.That(protocol.Story, Is.EqualTo("made"));

        protocol.Transport.ResumeReading();
        protocol.Transport.ResumeReading();
        Assert.That(protocol.Transport.IsReading);
        served.World.Settle();
        Assert.That(protocol.Story, Is.EqualTo("made data:one"));

        protocol.Transport.PauseReading(); // a wait is in flight from before
        protocol.Transport.ResumeReading();
        peer.Send("two"u8);
        served.World.Settle();
        Assert.That(protocol.Story, Is.EqualTo("made data:one data:two"));

        protocol.Transport.Close();
        protocol.Transport.PauseReading();
        protocol.Transport.ResumeReading();
        Assert.That(protocol.Transport.IsReading, Is.False);
        served.World.Settle();
        Assert.That(protocol.Story, Is.EqualTo("made data:one data:two lost:null"));
    }

    [Test]
    public void N14_eof_closes_after_the_buffer_was_sent_unless_it_is_kept_open()
    {
        var protocol = new StoryProtocol
        {
            On = (self, word) =>
            {
                if (word == "eof")
                {
                    self.Transport.Write("farewell"u8);
                }
            },
        };
        using var served = ServedLoop.OfProtocols(
            () => protocol, new InMemoryOptions { WindowBytes = 3 });
        InMemoryPeer peer = served.Connect();
        peer.SendEnd();
        served.World.Settle();

        Assert.That(protocol.Story, Is.EqualTo("made eof lost:null"));
        Assert.That(peer.TakeReceived(), Is.EqualTo("farewell"u8.ToArray()));
    }

    [Test]
    public void N14_kept_open_after_eof_it_can_still_write()
    {
        var protocol = new StoryProtocol { KeepsOpen = true };
        using var served = ServedLoop.OfProtocols(() => protocol);
        InMemoryPeer peer = served.Connect();
        peer.SendEnd();
        served.World.RunFor(TimeSpan.FromDays(1));
        Assert.That(protocol.Story, Is.EqualTo("made eof"));
        Assert.That(
            (protocol.Transport.IsClosing, protocol.Transport.IsReading),
            Is.EqualTo((false, false)));

        protocol.Transport.PauseReading();
        protocol.Transport.ResumeReading();
        protocol.Transport.Write("still here"u8);
        served.World.Settle();
        Assert.That(peer.TakeReceived(), Is.EqualTo("still here"u8.ToArray()));
        Assert.That(protocol.Story, Is.EqualTo("made eof"), "the end is told once");

        protocol.Transport.Close();
        served.World.Settle();
        Assert.That(protocol.Story, Is.EqualTo("made eof lost:null"));
    }

    [Test]
    public void N14_write_eof_sends_what_is_buffered_first_and_goes_on_reading()
    {
        var protocol = new StoryProtocol();
        using var served = ServedLoop.OfProtocols(
            () => protocol, new InMemoryOptions { WindowBytes = 1000 });
        InMemoryPeer peer = served.Connect();
        peer.IsReading = false;
        protocol.Transport.Write(new byte[30_000]);
        protocol.Transport.WriteEof();
        protocol.Transport.WriteEof();
        Assert.That(protocol.Transport.CanWriteEof);
        Assert.That(
            () => protocol.Transport.Write("x"u8),
            Throws.InvalidOperationException.With.Message.Contains("WriteEof"));
        served.World.Settle();

        peer.IsReading = true;
        served.World.Settle();
        Assert.That((peer.Received.Length, peer.IsEnded), Is.EqualTo((30_000, true)));

        peer.Send("heard"u8);
        served.World.Settle();
        Assert.That(protocol.Story, Is.EqualTo("made data:heard"));
    }

    [Test]
    public void N16_a_reset_is_connection_lost_with_the_error_and_no_noise()
    {
        var protocol = new StoryProtocol();
        using var served = ServedLoop.OfProtocols(() => protocol);
        InMemoryPeer peer = served.Connect();
        peer.Reset();
        served.World.Settle();
        for (int i = 0; i < 10; i++)
        {
            protocol.Transport.Write("to nobody"u8);
        }

        protocol.Transport.WriteEof();
        served.World.Settle();
        Assert.That(protocol.Story, Is.EqualTo($"made lost:{SocketError.ConnectionReset}"));
        Assert.That(served.Reports, Is.Empty);
    }

    [Test]
    public void N16_a_reset_that_a_write_meets_is_told_the_same_way([Values] bool isBuffered)
    {
        var protocol = new StoryProtocol();
        using var served = ServedLoop.OfProtocols(
            () => protocol, new InMemoryOptions { WindowBytes = 1000 });
        InMemoryPeer peer = served.Connect();
        peer.IsReading = false;
        protocol.Transport.PauseReading();
        protocol.Transport.Write(new byte[isBuffered ? 1001 : 1000]);
        peer.Reset();
        served.World.Settle();
        protocol.Transport.Write("x"u8);
        served.World.Settle();

        Assert.That(protocol.Story, Is.EqualTo($"made lost:{SocketError.ConnectionReset}"));
        Assert.That(served.Reports, Is.Empty);
    }

    [Test]
    public void A_server_that_aborts_its_clients_has_each_protocol_told()
    {
        var protocols = new List<StoryProtocol>();
        using var served = ServedLoop.OfProtocols(() =>
        {
            protocols.Add(new StoryProtocol());
            return protocols[^1];
        });
        served.Connect();
        served.Connect();
        string? atClose = null;
        served.Server.WaitClosedAsync().AddDoneCallback(_ => atClose = protocols[0].Story);
        protocols[1].Transport.PauseReading();
        served.Server.Close();
        served.Server.AbortClients();
        served.World.Settle();

        Assert.That(protocols.Select(one => one.Story), Is.All.EqualTo("made lost:null"));
        Assert.That(atClose, Is.EqualTo("made lost:null"), "the server closes after its protocols");
    }

    [Test]
    public void Connecting_that_is_cancelled_at_any_moment_leaves_no_socket()
    {
        using var served = ServedLoop.OfProtocols(() => new StoryProtocol());
        for (int turns = 0; turns < 8; turns++)
        {
            var protocol = new StoryProtocol();
            LoopTask<(ITransport Transport, StoryProtocol)> open = served.World.Loop.CreateTask(
                served.World.Loop.CreateConnection(() => protocol, served.Server.EndPoints[0]));
            for (int i = 0; i < turns; i++)
            {
                served.World.Loop.RunBriefly();
            }

            if (!open.Cancel())
            {
                open.Result.Transport.Abort();
            }

            served.World.Settle();
            Assert.That(served.World.Driver.OpenSockets, Is.Zero, $"after {turns} turns");
            Assert.That(protocol.Story, Is.AnyOf("", "made lost:null"), $"after {turns} turns");
        }
    }

    [Test]
    public void A_connection_is_made_on_the_loop_that_runs()
    {
        using var other = new EventLoop();
        using var world = new SimulatedLoop();
        world.Run(async () =>
        {
            InvalidOperationException? error = null;
            try
            {
                await other.CreateConnection(() => new StoryProtocol(), "127.0.0.1", 1);
            }
            catch (InvalidOperationException thrown)
            {
                error = thrown;
            }

            Assert.That(error?.Message, Does.Contain("on the loop that runs"));
        });
    }
}

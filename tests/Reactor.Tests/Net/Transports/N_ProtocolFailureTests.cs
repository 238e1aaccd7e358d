using Reactor.Net;
using Reactor.Simulation;
using Reactor.Tests.Net;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Protocols that throw, from each of their methods: fatal for their connection, reported, and
/// nobody else notices. Statement N15.
/// </summary>
public class N_ProtocolFailureTests
{
    private static readonly Dictionary<string, string> s_names = new()
    {
        ["made"] = "connection_made",
        ["data:x"] = "data_received",
        ["eof"] = "eof_received",
        ["lost:null"] = "connection_lost",
        ["pause"] = "pause_writing",
        ["resume"] = "resume_writing",
        ["buffer"] = "get_buffer",
        ["updated:1"] = "buffer_updated",
    };

    [TestCase("made", "made lost:NotSupportedException")]
    [TestCase("data:x", "made data:x lost:NotSupportedException")]
    [TestCase("eof", "made data:x eof lost:NotSupportedException")]
    [TestCase("lost:null", "made data:x eof lost:null")]
    public void N15_a_throwing_method_is_fatal_for_its_connection_only(
        string word, string expected)
    {
        StoryProtocol failing = Throwing(new(), word);
        var healthy = new StoryProtocol();
        var protocols = new Queue<IProtocol>([failing, healthy]);
        using var served = ServedLoop.OfProtocols(protocols.Dequeue, mayReport: true);
        InMemoryPeer peer = served.Connect();
        InMemoryPeer other = served.Connect();
        peer.Send("x"u8);
        served.World.Settle();
        peer.SendEnd();
        served.World.Settle();
        other.Send("y"u8);
        served.World.Settle();

        Assert.That(failing.Story, Is.EqualTo(expected));
        Assert.That(healthy.Story, Is.EqualTo("made data:y"));
        AssertReport(served, failing, word);
        Assert.That(peer.IsReset, Is.EqualTo(word != "lost:null"));
    }

    [TestCase("pause", "made pause lost:NotSupportedException")]
    [TestCase("resume", "made pause resume lost:NotSupportedException")]
    public void N15_so_it_is_when_writing_is_paused_or_resumed(string word, string expected)
    {
        StoryProtocol failing = Throwing(new(), word);
        using var served = ServedLoop.OfProtocols(() => failing, mayReport: true);
        InMemoryPeer peer = served.Connect();
        peer.IsReading = false;
        failing.Transport.Write(new byte[200_000]);
        peer.IsReading = true;
        served.World.Settle();

        Assert.That(failing.Story, Is.EqualTo(expected));
        AssertReport(served, failing, word);
        Assert.That(peer.IsReset);
    }

    [TestCase("buffer", "made buffer lost:NotSupportedException")]
    [TestCase("updated:1", "made buffer updated:1 lost:NotSupportedException")]
    public void N15_so_it_is_with_a_buffered_protocol(string word, string expected)
    {
        StoryProtocol failing = Throwing(new BufferedStoryProtocol(10), word);
        using var served = ServedLoop.OfProtocols(() => failing, mayReport: true);
        InMemoryPeer peer = served.Connect();
        peer.Send("x"u8);
        served.World.Settle();

        Assert.That(failing.Story, Is.EqualTo(expected));
        AssertReport(served, failing, word);
    }

    [Test]
    public void N15_an_empty_buffer_is_a_failure_of_get_buffer()
    {
        var failing = new BufferedStoryProtocol(0);
        using var served = ServedLoop.OfProtocols(() => failing, mayReport: true);
        InMemoryPeer peer = served.Connect();
        peer.Send("x"u8);
        served.World.Settle();

        Assert.That(
            failing.Story, Is.EqualTo("made buffer lost:InvalidOperationException"));
        Assert.That(failing.Error!.Message, Does.Contain("empty buffer"));
        AssertReport(served, failing, "buffer");
    }

    [Test]
    public void N15_a_factory_that_throws_costs_its_client_and_nobody_else()
    {
        int calls = 0;
        var healthy = new StoryProtocol();
        using var served = ServedLoop.OfProtocols(
            () => calls++ == 0 ? throw new NotSupportedException("no") : healthy,
            mayReport: true);
        InMemoryPeer first = served.Connect();
        InMemoryPeer second = served.Connect();

        Assert.That((first.IsReset, second.IsReset), Is.EqualTo((true, false)));
        Assert.That(healthy.Story, Is.EqualTo("made"));
        Assert.That(served.World.Errors.Single().Exception, Is.TypeOf<NotSupportedException>());
    }

    [Test]
    public void N15_a_factory_of_a_client_that_throws_is_the_callers_and_leaves_no_socket()
    {
        using var served = ServedLoop.OfProtocols(() => new StoryProtocol());
        served.World.Run(async () =>
        {
            NotSupportedException? error = null;
            try
            {
                await served.World.Loop.CreateConnection<StoryProtocol>(
                    () => throw new NotSupportedException("no"), served.Server.EndPoints[0]);
            }
            catch (NotSupportedException thrown)
            {
                error = thrown;
            }

            Assert.That(error?.Message, Is.EqualTo("no"));
        });
        served.World.Settle();
        Assert.That(served.World.Driver.OpenSockets, Is.Zero);
    }

    [Test]
    public void N15_an_abort_of_the_loop_leaves_it_and_the_connection_goes_on()
    {
        var protocol = new StoryProtocol
        {
            On = (_, word) =>
            {
                if (word == "data:stop")
                {
                    throw new LoopAbortException("stop");
                }
            },
        };
        using var served = ServedLoop.OfProtocols(() => protocol);
        InMemoryPeer peer = served.Connect();
        peer.Send("stop"u8);
        Assert.That(served.World.Settle, Throws.InstanceOf<LoopAbortException>());
        peer.Send("go on"u8);
        served.World.Settle();

        Assert.That(protocol.Story, Is.EqualTo("made data:stop data:go on"));
        Assert.That(served.Reports, Is.Empty);
    }

    private static StoryProtocol Throwing(StoryProtocol protocol, string word)
    {
        protocol.On = (_, now) =>
        {
            if (now == word)
            {
                throw new NotSupportedException("a bug of the protocol's");
            }
        };
        return protocol;
    }

    private static void AssertReport(ServedLoop served, StoryProtocol protocol, string word)
    {
        LoopErrorContext report = served.World.Errors.Single();
        Assert.That(
            report.Message, Is.EqualTo($"Fatal error: protocol.{s_names[word]}() call failed."));
        Assert.That(report.Protocol, Is.SameAs(protocol));
        Assert.That(report.Transport, Is.SameAs(protocol.Transport));
        Assert.That(
            report.Exception, word == "lost:null" ? Is.Not.Null : Is.SameAs(protocol.Error));
    }
}

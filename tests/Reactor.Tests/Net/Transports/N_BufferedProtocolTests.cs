using System.Text;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Tests.Net;

namespace Reactor.Tests.Semantics;

/// <summary>
/// Protocols that bring their own memory, and protocols that are exchanged while the connection
/// lives. Both belong to statements N09 to N14.
/// </summary>
public class N_BufferedProtocolTests
{
    [Test]
    public void A_buffered_protocol_is_received_into_piece_by_piece_and_never_told_data()
    {
        var protocol = new BufferedStoryProtocol(4);
        using var served = ServedLoop.OfProtocols(() => protocol);
        InMemoryPeer peer = served.Connect();
        peer.Send("abcdefghij"u8);
        peer.SendEnd();
        served.World.Settle();

        Assert.That(
            protocol.Story.Replace("buffer ", "", StringComparison.Ordinal),
            Is.EqualTo("made updated:4 updated:4 updated:2 eof lost:null"));
        Assert.That(protocol.Data.ToArray(), Is.EqualTo("abcdefghij"u8.ToArray()));
    }

    [Test]
    public void One_piece_is_received_in_a_turn_so_that_others_have_theirs()
    {
        var protocol = new BufferedStoryProtocol(1);
        using var served = ServedLoop.OfProtocols(() => protocol);
        InMemoryPeer peer = served.Connect();
        peer.Send(new byte[10]);
        long before = 0;
        for (int turn = 0; turn < 20; turn++)
        {
            served.World.Loop.RunBriefly();
            Assert.That(protocol.Data.Length - before, Is.LessThanOrEqualTo(1));
            before = protocol.Data.Length;
        }

        Assert.That(before, Is.EqualTo(10));
    }

    [Test]
    public void Pausing_in_get_buffer_receives_nothing_and_loses_nothing()
    {
        var protocol = new BufferedStoryProtocol(10)
        {
            On = (self, word) =>
            {
                if (word == "buffer")
                {
                    self.Transport.PauseReading();
                }
            },
        };
        using var served = ServedLoop.OfProtocols(() => protocol);
        InMemoryPeer peer = served.Connect();
        peer.Send("later"u8);
        served.World.Settle();
        Assert.That(protocol.Story, Is.EqualTo("made buffer"));

        protocol.On = null;
        protocol.Transport.ResumeReading();
        served.World.Settle();
        Assert.That(protocol.Story, Is.EqualTo("made buffer buffer updated:5"));
    }

    [Test]
    public void N13_pausing_and_resuming_often_waits_once()
    {
        var protocol = new BufferedStoryProtocol(10);
        using var served = ServedLoop.OfProtocols(() => protocol);
        InMemoryPeer peer = served.Connect();
        for (int i = 0; i < 100; i++)
        {
            protocol.Transport.PauseReading();
            protocol.Transport.ResumeReading();
        }

        peer.Send("x"u8);
        served.World.Settle();
        Assert.That(protocol.Story, Is.EqualTo("made buffer updated:1"));
    }

    [Test]
    public void A_new_protocol_is_told_from_the_next_event_on_buffered_or_not()
    {
        var second = new BufferedStoryProtocol(3);
        var first = new StoryProtocol
        {
            On = (self, word) =>
            {
                if (word == "data:switch")
                {
                    self.Transport.Protocol = second;
                }
            },
        };
        using var served = ServedLoop.OfProtocols(() => first);
        InMemoryPeer peer = served.Connect();
        peer.Send("switch"u8);
        served.World.Settle();
        Assert.That(first.Transport.Protocol, Is.SameAs(second));
        peer.Send("new"u8);
        served.World.Settle();
        peer.Close();
        served.World.Settle();

        Assert.That(first.Story, Is.EqualTo("made data:switch"));
        Assert.That(
            second.Story.Replace("buffer ", "", StringComparison.Ordinal),
            Is.EqualTo("updated:3 eof lost:null"));
        Assert.That(() => first.Transport.Protocol = null!, Throws.ArgumentNullException);
    }

    [Test]
    public void Data_from_elsewhere_is_put_into_the_buffers_of_a_buffered_protocol()
    {
        var plain = new PlainBuffered();
        IProtocol protocol = plain;
        protocol.DataReceived("abcdefg"u8);
        Assert.That(plain.Text.ToString(), Is.EqualTo("[abc][def][g]"));
        Assert.That(protocol.EofReceived(), Is.False, "an end closes unless one says otherwise");
    }

    [Test]
    public void The_methods_of_a_connection_share_one_context()
    {
        var value = new AsyncLocal<int>();
        value.Value = 1;
        var seen = new List<int>();
        StoryProtocol Make() => new()
        {
            On = (_, _) => seen.Add(value.Value++),
        };
        using var served = ServedLoop.OfProtocols(Make);
        InMemoryPeer one = served.Connect();
        one.Send("x"u8);
        served.World.Settle();
        InMemoryPeer two = served.Connect();
        two.Send("x"u8);
        served.World.Settle();

        Assert.That(seen, Is.EqualTo(new[] { 1, 2, 1, 2 }));
        Assert.That(value.Value, Is.EqualTo(1));
    }

    private sealed class PlainBuffered : IBufferedProtocol
    {
        private readonly byte[] _buffer = new byte[3];

        public StringBuilder Text { get; } = new();

        public Memory<byte> GetBuffer(int sizeHint) => _buffer;

        public void BufferUpdated(int bytes) =>
            Text.Append('[').Append(Encoding.ASCII.GetString(_buffer, 0, bytes)).Append(']');
    }
}

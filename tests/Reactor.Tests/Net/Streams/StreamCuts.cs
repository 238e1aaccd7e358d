using System.Text;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Tests.Net;

namespace Reactor.Tests.Semantics;

/// <summary>
/// One stream of bytes, sent to a handler in every way in which it may arrive: whole, byte by byte,
/// and cut in two at every place. What the handler tells must be the same each time.
/// </summary>
internal static class StreamCuts
{
    public static void AssertAll(
        string sent,
        string told,
        Func<Connection, List<string>, Coroutine> read,
        StreamOptions? options = null)
    {
        foreach (byte[][] parts in Cuts(Encoding.Latin1.GetBytes(sent)))
        {
            Assert.That(
                Tell(parts, read, options),
                Is.EqualTo(told),
                () => $"sent as {string.Join(" / ", parts.Select(Encoding.Latin1.GetString))}");
        }
    }

    /// <summary>What a handler tells of a stream that comes in these parts and ends.</summary>
    public static string Tell(
        byte[][] parts,
        Func<Connection, List<string>, Coroutine> read,
        StreamOptions? options = null)
    {
        var story = new List<string>();
        using var served = new ServedLoop(
            async connection =>
            {
                await read(connection, story);
                story.Add("over");
            },
            serverOptions: new() { Stream = options ?? StreamOptions.Default });
        InMemoryPeer peer = served.Connect();
        foreach (byte[] part in parts)
        {
            peer.Send(part);
            served.World.Settle();
        }

        peer.SendEnd();
        served.World.Settle();
        return string.Join('|', story);
    }

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.Latin1.GetString(bytes.Span);

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    private static IEnumerable<byte[][]> Cuts(byte[] sent)
    {
        yield return [sent];
        yield return [.. sent.Select(one => new[] { one })];
        for (int at = 1; at < sent.Length; at++)
        {
            yield return [sent[..at], sent[at..]];
        }
    }
}

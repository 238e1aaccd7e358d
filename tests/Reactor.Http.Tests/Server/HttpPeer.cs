using System.Net.Sockets;
using System.Text;
using Reactor.Simulation;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// A client in a test's hand: sends bytes, collects what comes, and knows how it ended.
/// </summary>
/// <remarks>The test's thread, while the loop does not run.</remarks>
internal sealed class HttpPeer(ServerFixture server, InMemoryPeer peer)
{
    /// <summary>
    /// True once the server has ended its stream and everything before that was read.
    /// </summary>
    public bool IsEnded => peer.IsEnded;

    /// <summary>The address of this end; null before it is connected.</summary>
    public System.Net.EndPoint? LocalEndPoint => peer.LocalEndPoint;

    /// <summary>True once the server has reset the connection.</summary>
    public bool IsReset => peer.IsReset;

    /// <summary>True if the server did not let it in.</summary>
    public bool IsRefused => peer.ConnectError == SocketError.ConnectionRefused;

    /// <summary>Bytes that the server's window had no room for yet.</summary>
    public long UnsentBytes => peer.UnsentBytes;

    /// <summary>False lets what arrives lie, so that the window fills.</summary>
    public bool IsReading
    {
        get => peer.IsReading;
        set => peer.IsReading = value;
    }

    /// <summary>Reads so many bytes although else it does not read.</summary>
    public int Read(int bytes) => peer.Read(bytes);

    /// <summary>Bytes that it lets come in all; null: no bound of its own.</summary>
    public long? ReceiveBytesMax
    {
        get => peer.ReceiveBytesMax;
        set => peer.ReceiveBytesMax = value;
    }

    /// <summary>Bytes that came and were not taken.</summary>
    public int ReceivedBytes => peer.Received.Length;

    /// <summary>The bytes that came and were not taken, as text.</summary>
    public string Received => Encoding.Latin1.GetString(peer.Received.Span);

    /// <summary>Sends without letting the loop run.</summary>
    public void Send(string text) => peer.Send(Encoding.Latin1.GetBytes(text));

    /// <inheritdoc cref="Send(string)"/>
    public void Send(ReadOnlySpan<byte> bytes) => peer.Send(bytes);

    /// <summary>Ends this direction (FIN); the peer still receives.</summary>
    public void End() => peer.SendEnd();

    public void Reset() => peer.Reset();

    public void Close() => peer.Close();

    /// <summary>
    /// Sends, lets the loop do what there is to do now, and takes the one answer.
    /// </summary>
    public RawAnswer Ask(string request)
    {
        Send(request);
        server.Settle();
        return TakeOne(MethodOf(request));
    }

    /// <summary>
    /// Sends byte by byte, each in a segment of its own, and takes the one answer.
    /// </summary>
    public RawAnswer AskByteByByte(string request)
    {
        foreach (char c in request)
        {
            Send(c.ToString());
            server.Settle();
        }

        return TakeOne(MethodOf(request));
    }

    /// <summary>The one answer that is there, and nothing else.</summary>
    public RawAnswer TakeOne(string method = "GET")
    {
        List<RawAnswer> answers = Take(method);
        Assert.That(answers, Has.Count.EqualTo(1));
        Assert.That(answers[0].IsWhole, "the answer is not whole");
        return answers[0];
    }

    /// <summary>Every answer that is there.</summary>
    public List<RawAnswer> Take(params string[] methods) =>
        RawAnswer.ParseAll(peer.TakeReceived(), peer.IsEnded, methods);

    private static string MethodOf(string request) =>
        request.TrimStart('\r', '\n').Split(' ', 2)[0];
}

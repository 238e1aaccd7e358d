using System.Net.Sockets;
using System.Text;
using Reactor.Net;

namespace Reactor.Tests.Net;

/// <summary>
/// A protocol that keeps a story of what it was told, one word for each call, and does what a test
/// wants at each of them.
/// </summary>
internal class StoryProtocol : IProtocol
{
    private readonly List<string> _story = [];

    public string Story => string.Join(' ', _story);

    public ITransport Transport { get; private set; } = null!;

    public MemoryStream Data { get; } = new();

    public Exception? Error { get; private set; }

    /// <summary>What <see cref="EofReceived"/> answers.</summary>
    public bool KeepsOpen { get; init; }

    /// <summary>Called at each word of the story, after it was noted.</summary>
    public Action<StoryProtocol, string>? On { get; set; }

    public void ConnectionMade(ITransport transport)
    {
        Transport = transport;
        Tell("made");
    }

    public virtual void DataReceived(ReadOnlySpan<byte> data)
    {
        Data.Write(data);
        Tell($"data:{(data.Length <= 10 ? Encoding.ASCII.GetString(data) : data.Length)}");
    }

    public bool EofReceived()
    {
        Tell("eof");
        return KeepsOpen;
    }

    public void ConnectionLost(Exception? error)
    {
        Error = error;
        Tell($"lost:{(error is SocketException socket
            ? socket.SocketErrorCode
            : error?.GetType().Name ?? "null")}");
    }

    public void PauseWriting() => Tell("pause");

    public void ResumeWriting() => Tell("resume");

    public void Tell(string word)
    {
        _story.Add(word);
        On?.Invoke(this, word);
    }
}

/// <summary>The same with a buffer of its own, of a size that the test chose.</summary>
internal sealed class BufferedStoryProtocol(int bytes) : StoryProtocol, IBufferedProtocol
{
    private readonly byte[] _buffer = new byte[bytes];

    public Memory<byte> GetBuffer(int sizeHint)
    {
        Tell("buffer");
        return _buffer;
    }

    public void BufferUpdated(int bytes)
    {
        Data.Write(_buffer, 0, bytes);
        Tell($"updated:{bytes}");
    }

    void IProtocol.DataReceived(ReadOnlySpan<byte> data) => Tell("never");
}

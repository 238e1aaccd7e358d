using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// A stream connection on a loop: two thin pipe ends over one socket (asyncio: a reader and a
/// writer, in one object). Pull, not pump: nothing stands between the socket and who reads, so
/// back-pressure is the kernel's own.
/// </summary>
/// <remarks>
/// Loop thread only. There is one way to close, <see cref="Close"/>; the first reason wins, and
/// closing twice is silent. A peer that resets is a reason, not an exception.
/// </remarks>
public sealed class Connection : IDuplexPipe, IAsyncDisposable
{
    private readonly ConnectionReader _reader;
    private readonly ConnectionWriter _writer;
    private readonly Action<Connection>? _onClosed;
    private Future<Unit>? _wake;

    internal Connection(EventLoop loop, DriverSocket socket, Action<Connection>? onClosed = null)
    {
        Loop = loop;
        Socket = socket;
        _onClosed = onClosed;
        var pool = BlockPool.Of(loop);
        _reader = new ConnectionReader(this, pool);
        _writer = new ConnectionWriter(this, pool);
    }

    /// <summary>The loop that this connection lives on.</summary>
    public EventLoop Loop { get; }

    /// <summary>The reading end.</summary>
    public PipeReader Input => _reader;

    /// <summary>The writing end; nothing is sent before a flush.</summary>
    public PipeWriter Output => _writer;

    /// <summary>The address of this end.</summary>
    public EndPoint? LocalEndPoint => Socket.LocalEndPoint;

    /// <summary>The address of the peer.</summary>
    public EndPoint? RemoteEndPoint => Socket.RemoteEndPoint;

    /// <summary>Why the connection ended, or <see cref="CloseReason.None"/>.</summary>
    public CloseReason CloseReason { get; private set; }

    /// <summary>True after <see cref="Close"/> or <see cref="Abort"/>.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>True once the peer has ended its stream or the connection has failed.</summary>
    public bool HasInputEnded => _reader.HasEnded;

    /// <summary>True when the peer can be sent nothing more; what is written is dropped.</summary>
    public bool IsOutputBroken => _writer.IsBroken;

    internal DriverSocket Socket { get; }

    /// <summary>A transport over it, which hears of the close before the server does.</summary>
    internal ConnectionTransport? Transport { get; set; }

    /// <summary>
    /// Connects to an address.
    /// </summary>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    public static async Coroutine<Connection> Open(EndPoint endPoint)
    {
        EventLoop loop = EventLoop.Current;
        DriverConnect connect = loop.Driver.Connect(endPoint);
        try
        {
            SocketError error = await new OperationAwaitable(connect);
            if (error != SocketError.Success)
            {
                throw new SocketException((int)error);
            }
        }
        catch (LoopCanceledException)
        {
            connect.Abandon();
            throw;
        }

        return new Connection(loop, connect.Socket);
    }

    /// <summary>
    /// Connects to a host name or address and a port, trying each of its addresses.
    /// </summary>
    /// <exception cref="SocketException">None of the addresses answers.</exception>
    public static async Coroutine<Connection> Open(string host, int port)
    {
        IReadOnlyList<IPAddress> addresses = await HostNames.Resolve(EventLoop.Current, host);
        for (int i = 0; i < addresses.Count - 1; i++)
        {
            try
            {
                return await Open(new IPEndPoint(addresses[i], port));
            }
            catch (SocketException)
            {
                // The last one's error is the one that is shown.
            }
        }

        return await Open(new IPEndPoint(addresses[^1], port));
    }

    /// <summary>
    /// Completes when reading would not have to wait: bytes, the end, or a failure. Holds no
    /// buffer. Await it, then <c>Input.TryRead</c>.
    /// </summary>
    public OperationAwaitable WaitReadable() =>
        IsClosed ? OperationAwaitable.Aborted : Socket.WaitReadable();

    /// <summary>Sends what the kernel takes now; true if nothing is left.</summary>
    public bool TryFlush() => _writer.TryFlush();

    /// <summary>
    /// Sends everything that was written, waiting for the peer as long as it takes.
    /// </summary>
    public Coroutine Flush() => _writer.FlushAll();

    /// <summary>Ends our stream (FIN) after what was flushed; reading goes on.</summary>
    public void ShutdownSend()
    {
        if (!IsClosed)
        {
            Socket.ShutdownSend();
        }
    }

    /// <summary>
    /// Closes the connection. What was flushed is still sent by the kernel; what was only written
    /// is dropped.
    /// </summary>
    public void Close(CloseReason reason = CloseReason.Local) => CloseNow(reason, reset: false);

    /// <summary>
    /// Closes the connection with a reset: what the kernel has not sent is dropped.
    /// </summary>
    public void Abort() => CloseNow(CloseReason.Aborted, reset: true);

    /// <summary>Sends what was written, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!IsClosed)
        {
            await _writer.FlushAsync();
            Close();
        }
    }

    internal void OnReceiveEnded(SocketError error) => NoteReason(
        error == SocketError.Success ? CloseReason.PeerClosed : SocketFailure.ReasonOf(error));

    internal void OnSendFailed(SocketError error) => NoteReason(SocketFailure.ReasonOf(error));

    /// <summary>Sets the future when the socket is readable, or at once.</summary>
    /// <remarks>
    /// One callback is registered whatever the number of reads that were given up before it ran:
    /// the last future is the one that is set.
    /// </remarks>
    internal void WakeWhenReadable(Future<Unit> wake)
    {
        OperationAwaitable readable = WaitReadable();
        if (readable.IsCompleted)
        {
            wake.TrySetResult(default);
            return;
        }

        bool isRegistered = _wake is not null;
        _wake = wake;
        if (!isRegistered)
        {
            readable.OnCompleted(() =>
            {
                Future<Unit>? last = _wake;
                _wake = null;
                last?.TrySetResult(default);
            });
        }
    }

    private void CloseNow(CloseReason reason, bool reset)
    {
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;
        NoteReason(reason);
        Socket.Close(reset);
        _writer.OnClosed();
        _reader.OnClosed();
        Transport?.OnClosed();
        _onClosed?.Invoke(this);
    }

    private void NoteReason(CloseReason reason)
    {
        if (CloseReason == CloseReason.None)
        {
            CloseReason = reason;
        }
    }
}

using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// A raw stream socket: connect, listen, accept, receive, send (asyncio: <c>loop.sock_connect</c>,
/// <c>sock_accept</c>, <c>sock_recv</c>, <c>sock_recv_into</c>, <c>sock_sendall</c>), for code with
/// its own buffers.
/// </summary>
/// <remarks>
/// <para>Loop thread only. Errors are <see cref="SocketException"/>s.</para>
/// <para>
/// Every wait can be cancelled. A cancelled receive or accept has taken nothing; a cancelled send
/// has sent an unknown part of its bytes, as in asyncio, and the memory is the caller's again.
/// </para>
/// </remarks>
public sealed class LoopSocket : IDisposable
{
    private readonly EventLoop _loop;
    private readonly Connection? _connection;
    private readonly DriverListener? _listener;
    private readonly BlockSender? _sender;
    private bool _isDisposed;

    private LoopSocket(Connection connection)
    {
        _loop = connection.Loop;
        _connection = connection;
        _sender = new BlockSender(connection);
        LocalEndPoint = connection.LocalEndPoint;
        RemoteEndPoint = connection.RemoteEndPoint;
    }

    private LoopSocket(EventLoop loop, DriverListener listener)
    {
        _loop = loop;
        _listener = listener;
        LocalEndPoint = listener.LocalEndPoint;
    }

    /// <summary>The address of this end.</summary>
    public EndPoint? LocalEndPoint { get; }

    /// <summary>The address of the peer; null for a socket that listens.</summary>
    public EndPoint? RemoteEndPoint { get; }

    /// <summary>
    /// Connects to an address on the current loop (asyncio: <c>sock_connect</c>).
    /// </summary>
    /// <exception cref="SocketException">The address does not answer.</exception>
    public static async Coroutine<LoopSocket> ConnectAsync(EndPoint endPoint) =>
        new(await Connection.OpenAsync(endPoint));

    /// <summary>Listens on an address on the current loop.</summary>
    /// <exception cref="SocketException">The address could not be bound.</exception>
    public static LoopSocket Listen(EndPoint endPoint, ListenOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        EventLoop loop = EventLoop.Current;
        return new LoopSocket(loop, loop.Driver.Listen(endPoint, options ?? new ListenOptions()));
    }

    /// <summary>Waits for a connection (asyncio: <c>sock_accept</c>).</summary>
    /// <exception cref="SocketException">It failed, or the socket was disposed.</exception>
    /// <exception cref="InvalidOperationException">The socket does not listen.</exception>
    public async Coroutine<LoopSocket> AcceptAsync()
    {
        DriverListener listener = _listener ?? throw new InvalidOperationException(
            "This socket is connected: only one made by Listen() accepts.");
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        while (true)
        {
            AcceptResult accepted = listener.Accept();
            if (accepted.Socket is { } socket)
            {
                return new LoopSocket(new Connection(_loop, socket, StreamOptions.Default));
            }

            if (accepted.Error != SocketError.WouldBlock)
            {
                throw new SocketException((int)accepted.Error);
            }

            await listener.WaitAcceptableAsync();
            ThrowIfAborted();
        }
    }

    /// <summary>Waits for bytes and takes them (asyncio: <c>sock_recv_into</c>).</summary>
    /// <returns>How many; 0 is the end of the stream.</returns>
    /// <exception cref="ArgumentException">The buffer is empty.</exception>
    /// <exception cref="SocketException">
    /// The connection failed, or the socket was disposed (<c>OperationAborted</c>).
    /// </exception>
    public async Coroutine<int> ReceiveAsync(Memory<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            throw new ArgumentException("Receive into at least one byte.", nameof(buffer));
        }

        DriverSocket socket = OpenSocket();
        while (true)
        {
            IoResult received = socket.Receive(buffer.Span);
            if (received.IsSuccess)
            {
                return received.Bytes;
            }

            if (!received.IsNotNow)
            {
                throw new SocketException((int)received.Error);
            }

            await socket.WaitReadableAsync();
            ThrowIfAborted();
        }
    }

    /// <summary>Waits for bytes and takes at most so many (asyncio: <c>sock_recv</c>).</summary>
    /// <returns>None at the end of the stream.</returns>
    /// <inheritdoc cref="ReceiveAsync(Memory{byte})" path="/exception"/>
    public async Coroutine<byte[]> ReceiveAsync(int bytesMax)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesMax, 1);
        byte[] buffer = new byte[bytesMax];
        int bytes = await ReceiveAsync(buffer);
        return bytes == bytesMax ? buffer : buffer[..bytes];
    }

    /// <summary>
    /// Sends everything, however long the peer takes (asyncio: <c>sock_sendall</c>). Overlapping
    /// sends mix their bytes.
    /// </summary>
    /// <param name="data">Unchanged until this ends.</param>
    /// <exception cref="SocketException">
    /// The connection failed, or the socket was disposed (<c>OperationAborted</c>).
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The socket listens, or <see cref="ShutdownSend"/> was called.
    /// </exception>
    public async Coroutine SendAllAsync(ReadOnlyMemory<byte> data)
    {
        OpenSocket();
        await _sender!.SendAllAsync(data);
    }

    /// <summary>
    /// Ends our stream (FIN) after the sends that have begun; sending then throws
    /// <see cref="InvalidOperationException"/>. Idempotent.
    /// </summary>
    public void ShutdownSend() => _sender?.Shutdown();

    /// <summary>
    /// Closes; waiters get <c>OperationAborted</c>. Idempotent.
    /// </summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _listener?.Close();
            _connection?.Close();
        }
    }

    private DriverSocket OpenSocket()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _connection?.Socket ?? throw new InvalidOperationException(
            "This socket listens: receive and send on what AcceptAsync() gives.");
    }

    private void ThrowIfAborted()
    {
        if (_isDisposed)
        {
            throw new SocketException((int)SocketError.OperationAborted);
        }
    }
}

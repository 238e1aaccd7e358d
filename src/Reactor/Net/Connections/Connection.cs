using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// A stream connection: two thin pipe ends over a socket (asyncio: a reader and a writer in one
/// object). Only a read receives, so back-pressure is the kernel's own.
/// </summary>
/// <remarks>
/// Loop thread only. Closing is idempotent, and the first reason wins. A reset by the peer is a
/// reason, not an exception.
/// </remarks>
public sealed class Connection : IDuplexPipe, IAsyncDisposable
{
    private readonly ConnectionReader _reader;
    private readonly ConnectionWriter _writer;
    private ConnectionExtras? _extras;
    private ListLinks<Connection> _links;

    internal Connection(
        EventLoop loop,
        DriverSocket socket,
        StreamOptions streamOptions,
        IConnectionOwner? owner = null)
    {
        Socket = socket;
        if (!ReferenceEquals(streamOptions, StreamOptions.Default))
        {
            StreamOptions = streamOptions;
        }

        Owner = owner;
        Pool = BlockPool.Of(loop);
        _reader = new ConnectionReader(this);
        _writer = new ConnectionWriter(this);
    }

    /// <summary>The loop of this connection.</summary>
    public EventLoop Loop => Pool.Loop;

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

    /// <summary>True once <see cref="ShutdownSend"/> was called: writing throws.</summary>
    public bool HasOutputEnded => _writer.IsShutdown;

    /// <summary>True when nothing more can be sent: what is written is dropped.</summary>
    public bool IsOutputBroken => _writer.DropsBytes;

    /// <summary>The limits of the stream helpers, from now on.</summary>
    /// <exception cref="ArgumentException">The limits contradict each other.</exception>
    public StreamOptions StreamOptions
    {
        get => _extras?.StreamOptions ?? StreamOptions.Default;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.ThrowIfInvalid();
            Extras.StreamOptions = value;
        }
    }

    /// <summary>Bytes that were received and not consumed.</summary>
    public long UnreadBytes => _reader.BufferedBytes;

    /// <summary>
    /// Bytes that the kernel has taken since the connection began; not what the peer has:
    /// <see cref="AcknowledgedBytes"/>.
    /// </summary>
    public long SentBytes => _writer.SentBytes;

    /// <summary>
    /// Bytes that the peer has acknowledged since the connection began. After the close, and on
    /// systems other than Linux, <see cref="SentBytes"/>. May cost a system call.
    /// </summary>
    public long AcknowledgedBytes
    {
        get
        {
            DriverSocket? open = IsClosed ? null : Socket;
            return open?.AcknowledgedBytes
                ?? Math.Max(0, SentBytes - (open?.UnacknowledgedBytes ?? 0));
        }
    }

    /// <summary>
    /// True if the peer has acknowledged everything, also the end of our stream; after the close,
    /// or if the system does not tell. Costs a system call.
    /// </summary>
    public bool IsDelivered => IsClosed || Socket.UnacknowledgedBytes is null or 0;

    /// <summary>
    /// True once a send or a receive showed that the peer has reset the connection or cannot be
    /// reached, also after its end of the stream.
    /// </summary>
    internal bool IsPeerGone { get; private set; }

    internal DriverSocket Socket { get; }

    /// <summary>Is told of the close; null for a connection that was opened from here.</summary>
    internal IConnectionOwner? Owner { get; }

    /// <summary>The pool of its buffers.</summary>
    internal BlockPool Pool { get; }

    internal ConnectionReader Reader => _reader;

    internal ConnectionWriter Writer => _writer;

    /// <summary>Made on first use.</summary>
    internal ConnectionExtras Extras => _extras ??= new ConnectionExtras();

    internal ConnectionExtras? ExtrasIfAny => _extras;

    /// <summary>True while a close waits for what was written to be sent.</summary>
    internal bool IsClosing { get; private set; }

    /// <summary>True if a close must send what the stream helpers wrote.</summary>
    internal bool HasUnsentHelperWrites => _extras?.Writes is not null && _writer.UnsentBytes > 0;

    /// <summary>Connects to an address.</summary>
    /// <exception cref="SocketException">The address does not answer.</exception>
    public static Coroutine<Connection> OpenAsync(EndPoint endPoint, ConnectOptions? options = null) =>
        ConnectionOpening.OpenAsync(endPoint, options);

    /// <summary>
    /// Connects to the first of several addresses that answers; they are tried in turn and
    /// overlapping, as the options say. Cancelling closes every attempt.
    /// </summary>
    /// <exception cref="ConnectException">None of them answers.</exception>
    public static Coroutine<Connection> OpenAsync(
        IReadOnlyList<EndPoint> endPoints, ConnectOptions? options = null) =>
        ConnectionOpening.OpenAsync(endPoints, options);

    /// <summary>Connects to a host name or address (asyncio: <c>open_connection</c>).</summary>
    /// <exception cref="ConnectException">None of its addresses answers.</exception>
    /// <exception cref="SocketException">The name has no address.</exception>
    public static Coroutine<Connection> OpenAsync(
        string host, int port, ConnectOptions? options = null) =>
        ConnectionOpening.OpenAsync(host, port, options);

    /// <summary>
    /// Completes when a read would not wait: bytes, the end, or a failure; sometimes without any of
    /// them. Holds no buffer. Then call <c>Input.TryRead</c>.
    /// </summary>
    public OperationAwaitable WaitReadableAsync() =>
        IsClosed ? OperationAwaitable.Aborted : Socket.WaitReadableAsync();

    /// <summary>Sends what the kernel takes now; true if nothing is left.</summary>
    public bool TryFlush() => _writer.TryFlush();

    /// <summary>
    /// Sends what was written until at most so many bytes are left, however long the peer takes.
    /// </summary>
    /// <param name="unsentBytesMax">0 or more.</param>
    public Coroutine FlushAsync(int unsentBytesMax = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(unsentBytesMax);
        return _writer.FlushAllAsync(unsentBytesMax);
    }

    /// <summary>
    /// Ends our stream (FIN) after everything that was written, without waiting; reading goes on.
    /// Writing then throws <see cref="InvalidOperationException"/>. Idempotent (asyncio:
    /// <c>write_eof</c>).
    /// </summary>
    public void ShutdownSend()
    {
        if (IsClosed || HasOutputEnded)
        {
            return;
        }

        if (_extras?.Layer is { } layer)
        {
            layer.WriteEof();
        }
        else
        {
            _writer.SendEnd();
        }
    }

    /// <summary>
    /// Closes the connection at once. The kernel still sends what was flushed. Unflushed output is
    /// dropped; of what the stream helpers wrote, the kernel gets what it takes now.
    /// </summary>
    /// <remarks>
    /// Unread input is discarded first: Linux resets a connection that is closed with unread input,
    /// and unsent bytes are lost. Later input does the same, so a protocol whose peer may still
    /// send reads on until <see cref="IsDelivered"/>.
    /// </remarks>
    public void Close(CloseReason reason = CloseReason.Local)
    {
        if (!IsClosed && HasUnsentHelperWrites)
        {
            _writer.TryFlush();
        }

        CloseNow(reason, reset: false);
    }

    /// <summary>
    /// Sends what was written, then closes (asyncio: <c>close</c> and <c>wait_closed</c>). Drops
    /// later writes. Cancelling ends only the wait; <see cref="Abort"/> ends a close that the peer
    /// delays.
    /// </summary>
    public async Coroutine CloseAsync()
    {
        CloseAfterSend(CloseReason.Local);
        await WaitClosedAsync();
    }

    /// <summary>
    /// Completes when this side has closed the connection (asyncio: <c>wait_closed</c>); the end of
    /// the peer's stream does not close it.
    /// </summary>
    public Future<Unit> WaitClosedAsync() => Extras.WaitClosedAsync(Loop, IsClosed);

    /// <summary>Closes with a reset: what the kernel has not sent is dropped.</summary>
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

    /// <summary>Closes as soon as what was written has been sent; does not wait.</summary>
    internal void CloseAfterSend(CloseReason reason)
    {
        if (IsClosed || IsClosing)
        {
            return;
        }

        if (_extras?.Layer is { } layer)
        {
            layer.Close();
            return;
        }

        IsClosing = true;
        if (_writer.UnsentBytes == 0 || _writer.TryFlush())
        {
            Close(reason);
        }
        else
        {
            _writer.StopTaking();
            Loop.CreateTask(_writer.FlushAndCloseAsync(reason), "close");
        }
    }

    /// <summary>What the stream helpers throw when the connection cannot be used.</summary>
    internal ConnectionResetException ResetException() => new(this, IsClosed, CloseReason);

    internal void OnReceiveEnded(SocketError error)
    {
        if (error == SocketError.Success)
        {
            NoteReason(CloseReason.PeerClosed);
            return;
        }

        OnSendFailed(error);
        if (IsPeerGone)
        {
            _writer.Break(error); // the kernel reports it once: a send would learn much later
        }
    }

    internal void OnSendFailed(SocketError error)
    {
        CloseReason reason = SocketFailure.ReasonOf(error);
        IsPeerGone |= !IsClosed && reason == CloseReason.PeerReset;
        NoteReason(reason);
    }

    private void CloseNow(CloseReason reason, bool reset)
    {
        if (IsClosed)
        {
            return;
        }

        IsClosed = true;
        NoteReason(reason);
        if (!reset && SentBytes > 0 && !_reader.HasEnded)
        {
            _reader.EmptyReceiveQueue();
        }

        Socket.Close(reset);
        _writer.OnClosed();
        _reader.OnClosed();
        _extras?.Layer?.OnClosed();
        Owner?.OnClosed(this);
        _extras?.Closed?.Set();
    }

    private void NoteReason(CloseReason reason)
    {
        if (CloseReason == CloseReason.None)
        {
            CloseReason = reason;
        }
    }

    /// <summary>The links of its server's list.</summary>
    internal readonly struct Links : IListLinks<Connection>
    {
        public ref ListLinks<Connection> Of(Connection element) => ref element._links;
    }
}

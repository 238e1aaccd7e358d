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
    private ConnectionExtras? _extras;
    private ListLinks<Connection> _links;

    internal Connection(
        EventLoop loop,
        DriverSocket socket,
        StreamOptions streamOptions,
        LoopServer? server = null)
    {
        Socket = socket;
        if (!ReferenceEquals(streamOptions, StreamOptions.Default))
        {
            StreamOptions = streamOptions;
        }

        Server = server;
        Pool = BlockPool.Of(loop);
        _reader = new ConnectionReader(this);
        _writer = new ConnectionWriter(this);
    }

    /// <summary>The loop that this connection lives on.</summary>
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

    /// <summary>
    /// True once <see cref="ShutdownSend"/> was called: every way of writing throws from then on.
    /// </summary>
    public bool HasOutputEnded => _writer.IsShutdown;

    /// <summary>True when the peer can be sent nothing more; what is written is dropped.</summary>
    public bool IsOutputBroken => _writer.DropsBytes;

    /// <summary>
    /// True once the peer was found to have reset the connection, or to be out of reach, by a send
    /// or a receive: also where it had ended its stream before, which <see cref="CloseReason"/>
    /// then says. Never true for what this side has ended.
    /// </summary>
    public bool IsPeerGone { get; private set; }

    /// <summary>The limits of the stream helpers, from now on.</summary>
    /// <exception cref="ArgumentException">They contradict each other.</exception>
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

    internal DriverSocket Socket { get; }

    /// <summary>The server that accepted it; null for one that was opened from here.</summary>
    public LoopServer? Server { get; }

    /// <summary>Where its buffers come from.</summary>
    internal BlockPool Pool { get; }

    /// <summary>A transport over it, which hears of the close before the server does.</summary>
    internal ConnectionTransport? Transport
    {
        get => _extras?.Transport;
        set => Extras.Transport = value;
    }

    /// <summary>What only some connections have; asking for it makes it.</summary>
    internal ConnectionExtras Extras => _extras ??= new ConnectionExtras();

    /// <summary>The same if it was made already.</summary>
    internal ConnectionExtras? ExtrasIfAny => _extras;

    internal StreamReads Reads => Extras.Reads ??= new StreamReads(this, _reader);

    internal StreamWrites Writes => Extras.Writes ??= new StreamWrites(this, _writer);

    /// <summary>True while a close waits for what was written to be sent.</summary>
    internal bool IsClosing { get; private set; }

    /// <summary>Connects to an address.</summary>
    /// <exception cref="SocketException">Nobody answers there.</exception>
    public static Coroutine<Connection> Open(EndPoint endPoint, ConnectOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return ConnectRace.Open(endPoint, options ?? new ConnectOptions());
    }

    /// <summary>
    /// Connects to the first of several addresses that answers; they are tried one after the other
    /// and beside each other, as the options say. Cancelling closes every attempt.
    /// </summary>
    /// <exception cref="ConnectException">None of them answers.</exception>
    public static Coroutine<Connection> Open(
        IReadOnlyList<EndPoint> endPoints, ConnectOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endPoints);
        ArgumentOutOfRangeException.ThrowIfZero(endPoints.Count);
        return ConnectRace.OpenFirst(endPoints, options ?? new ConnectOptions());
    }

    /// <summary>
    /// Connects to a host name or address and a port, trying each of its addresses (asyncio:
    /// <c>open_connection</c>).
    /// </summary>
    /// <exception cref="ConnectException">None of the addresses answers.</exception>
    /// <exception cref="SocketException">The name has no address.</exception>
    public static async Coroutine<Connection> Open(
        string host, int port, ConnectOptions? options = null)
    {
        IReadOnlyList<IPAddress> addresses = await HostNames.Resolve(EventLoop.Current, host);
        return await Open([.. addresses.Select(one => new IPEndPoint(one, port))], options);
    }

    /// <summary>
    /// Completes when reading would not have to wait: bytes, the end, or a failure. Holds no
    /// buffer. Await it, then <c>Input.TryRead</c>. It may complete although nothing is there.
    /// </summary>
    public OperationAwaitable WaitReadable() =>
        IsClosed ? OperationAwaitable.Aborted : Socket.WaitReadable();

    /// <summary>
    /// Has whoever waits for readability go on although nothing is there: to tell a reader of
    /// something else than bytes. It waits again if it wants to.
    /// </summary>
    public void ReleaseReader()
    {
        if (!IsClosed)
        {
            WaitReadable().ReleaseWaiters();
        }
    }

    /// <summary>
    /// Receives what is there now, a block at most, and keeps it for the next read: to learn of the
    /// stream's end, or of a failure, behind bytes that nobody wants yet.
    /// </summary>
    /// <returns>True if bytes came or the stream has ended.</returns>
    public bool TryReceive() => IsClosed || _reader.HasEnded || _reader.TryReceive();

    /// <summary>
    /// As <c>Input.TryRead</c>, for the common case that there is something, all in one piece, and
    /// no end of the stream to be told: then without the objects and positions of a sequence. After
    /// it <see cref="Consume"/>, not <c>AdvanceTo</c>; where it says false, <c>Input.TryRead</c>
    /// tells why.
    /// </summary>
    /// <param name="piece">The bytes, good until they are consumed.</param>
    public bool TryReadPiece(out ReadOnlySpan<byte> piece) => _reader.TryReadPiece(out piece);

    /// <summary>Drops so many bytes of a piece; the rest counts as not looked at.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The piece had fewer.</exception>
    public void Consume(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, UnreadBytes);
        _reader.Consume(bytes);
    }

    /// <summary>Bytes that were received and not consumed.</summary>
    public long UnreadBytes => _reader.BufferedBytes;

    /// <summary>
    /// Bytes that the kernel has taken for the peer since the connection began. The peer may not
    /// have them yet: <see cref="AcknowledgedBytes"/>.
    /// </summary>
    public long SentBytes => _writer.SentBytes;

    /// <summary>
    /// Bytes that the peer has acknowledged since the connection began; of a Unix socket at least
    /// so many as its program has read. Where the system does not tell (elsewhere than on Linux,
    /// and after the close): those that the kernel has taken. May cost a system call.
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
    /// True if the peer has acknowledged all that the kernel has taken for it, the end of our
    /// stream included; where the system does not tell, and after the close, always. Costs a system
    /// call.
    /// </summary>
    public bool IsDelivered => IsClosed || Socket.UnacknowledgedBytes is null or 0;

    /// <summary>
    /// True if the connection is closed or has failed: nothing more can be delivered. Asks the
    /// system, for where the peer has ended its stream and no read reports a failure after that.
    /// May cost a system call.
    /// </summary>
    public bool CheckFailed()
    {
        if (!IsClosed && !IsOutputBroken && Socket.Failure is not SocketError.Success and var error)
        {
            OnReceiveEnded(error);
        }

        return IsClosed || IsOutputBroken;
    }

    /// <summary>Sends what the kernel takes now; true if nothing is left.</summary>
    public bool TryFlush() => _writer.TryFlush();

    /// <summary>
    /// Sends what was written, waiting for the peer as long as it takes; until no more than so many
    /// bytes are left, if not all is to be waited for.
    /// </summary>
    /// <param name="unsentBytesMax">0 or more.</param>
    public Coroutine Flush(int unsentBytesMax = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(unsentBytesMax);
        return _writer.FlushAll(unsentBytesMax);
    }

    /// <summary>
    /// Drops what was written behind a position of the stream, in bytes since it began; false if
    /// the kernel may have some of it, and nothing is dropped.
    /// </summary>
    public bool TryTakeBack(long position) => _writer.TryTakeBack(position);

    /// <summary>
    /// Ends our stream (FIN) after everything that was written, flushed or not; it does not wait.
    /// Reading goes on. Every way of writing throws <see cref="InvalidOperationException"/> from
    /// now on; a flush waits for what is still on its way. Idempotent (asyncio: <c>write_eof</c>).
    /// </summary>
    public void ShutdownSend()
    {
        if (IsClosed || HasOutputEnded)
        {
            return;
        }

        if (Transport is { } transport)
        {
            transport.WriteEof(); // it has a buffer of its own
            return;
        }

        _writer.SendEnd();
    }

    /// <summary>
    /// Closes the connection at once. What was flushed is still sent by the kernel; what was only
    /// written to <see cref="Output"/> is dropped. Of what the stream helpers wrote, the kernel
    /// gets what it takes now; <see cref="CloseAsync"/> waits for the rest.
    /// </summary>
    /// <remarks>
    /// Unread input is discarded first: on Linux a close with unread input resets the connection,
    /// and what the kernel still has to send is lost. Input that arrives after the close does the
    /// same. A protocol whose peer may still be sending waits until <see cref="IsDelivered"/>, and
    /// reads meanwhile.
    /// </remarks>
    public void Close(CloseReason reason = CloseReason.Local)
    {
        if (!IsClosed && _extras?.Writes is { HasUnsent: true })
        {
            _writer.TryFlush();
        }

        CloseNow(reason, reset: false);
    }

    /// <summary>
    /// Hands what was written to the kernel, then closes as <see cref="Close"/> does (asyncio:
    /// <c>close</c> and <c>wait_closed</c>). Nothing more can be written from now on. A caller that
    /// is cancelled only stops waiting; <see cref="Abort"/> ends a close for which the peer takes
    /// too long.
    /// </summary>
    public async Coroutine CloseAsync()
    {
        CloseAfterSend(CloseReason.Local);
        await WaitClosed();
    }

    /// <summary>
    /// Completes when this side has closed the connection (asyncio: <c>wait_closed</c>). A peer's
    /// end does not close it.
    /// </summary>
    public Future<Unit> WaitClosed() => Extras.WaitClosed(Loop, IsClosed);

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

    /// <summary>Closes as soon as what was written has been sent, and waits for nothing.</summary>
    internal void CloseAfterSend(CloseReason reason)
    {
        if (IsClosed || IsClosing)
        {
            return;
        }

        if (Transport is { } transport)
        {
            transport.Close(); // it has a buffer of its own
            return;
        }

        IsClosing = true;
        if (_writer.UnflushedBytes == 0 || _writer.TryFlush())
        {
            Close(reason);
        }
        else
        {
            _writer.StopTaking();
            Loop.CreateTask(_writer.FlushAndClose(reason), "close");
        }
    }

    /// <summary>This side has ended its stream, or will once everything is sent.</summary>
    internal void NoteOutputEnded() => _writer.NoteEnd();

    /// <summary>Closes after the last write of a helper; at once if there was none.</summary>
    internal void CloseAfterWrites()
    {
        if (_extras?.Writes is { HasUnsent: true })
        {
            CloseAfterSend(CloseReason.Local);
        }
        else
        {
            Close();
        }
    }

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
            _writer.Break(); // the kernel has told it once: a send would learn of it much later
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
        Transport?.OnClosed();
        Server?.OnClosed(this);
        _extras?.Closed?.Set();
    }

    private void NoteReason(CloseReason reason)
    {
        if (CloseReason == CloseReason.None)
        {
            CloseReason = reason;
        }
    }

    /// <summary>The links of the list of its server.</summary>
    internal readonly struct Links : IListLinks<Connection>
    {
        public ref ListLinks<Connection> Of(Connection element) => ref element._links;
    }
}

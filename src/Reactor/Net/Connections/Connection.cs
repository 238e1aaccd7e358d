using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// A stream connection: two pipe ends over a socket (asyncio: reader and writer in one). Only a
/// read receives, so back-pressure is the kernel's.
/// </summary>
/// <remarks>
/// Loop thread only. Closing is idempotent; the first reason wins. A reset is no exception.
/// </remarks>
public sealed class Connection : IDuplexPipe, IAsyncDisposable
{
    private ListLinks<Connection> _links;

    internal Connection(
        EventLoop loop, DriverSocket socket, StreamOptions streamOptions,
        IConnectionOwner? owner = null)
    {
        Socket = socket;
        if (!ReferenceEquals(streamOptions, StreamOptions.Default))
        {
            StreamOptions = streamOptions;
        }

        Owner = owner;
        Pool = BlockPool.Of(loop);
        Reader = new ConnectionReader(this);
        Writer = new ConnectionWriter(this);
    }

    /// <summary>The loop of this connection.</summary>
    public EventLoop Loop => Pool.Loop;

    /// <summary>The reading end.</summary>
    public PipeReader Input => Reader;

    /// <summary>The writing end; nothing is sent before a flush.</summary>
    public PipeWriter Output => Writer;

    /// <summary>The address of this end.</summary>
    public EndPoint? LocalEndPoint => Socket.LocalEndPoint;

    /// <summary>The address of the peer.</summary>
    public EndPoint? RemoteEndPoint => Socket.RemoteEndPoint;

    /// <summary>Why the connection ended.</summary>
    public CloseReason CloseReason { get; private set; }

    /// <summary>True after the close.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>True once the peer's stream has ended or failed.</summary>
    public bool HasInputEnded => Reader.HasEnded;

    /// <summary>True after <see cref="ShutdownSend"/>: writing throws.</summary>
    public bool HasOutputEnded => Writer.IsShutdown;

    /// <summary>True if what is written is dropped.</summary>
    public bool IsOutputBroken => Writer.DropsBytes;

    /// <summary>The limits of the stream helpers.</summary>
    /// <exception cref="ArgumentException">The limits contradict each other.</exception>
    public StreamOptions StreamOptions
    {
        get => ExtrasIfAny?.StreamOptions ?? StreamOptions.Default;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.ThrowIfInvalid();
            Extras.StreamOptions = value;
        }
    }

    /// <summary>Received bytes that were not consumed.</summary>
    public long UnreadBytes => Reader.BufferedBytes;

    /// <summary>
    /// Bytes that the kernel has taken in all; for the peer's see
    /// <see cref="GetAcknowledgedBytes"/>.
    /// </summary>
    public long SentBytes => Writer.SentBytes;

    /// <summary>
    /// Bytes that the peer has acknowledged in all; <see cref="SentBytes"/> after the close or if
    /// the system does not tell. May cost a system call.
    /// </summary>
    public long GetAcknowledgedBytes()
    {
        DriverSocket? open = IsClosed ? null : Socket;
        return open?.GetAcknowledgedBytes()
            ?? Math.Max(0, SentBytes - (open?.GetUnacknowledgedBytes() ?? 0));
    }

    /// <summary>
    /// True if the peer has acknowledged all, with the end of our stream; after the close; or if
    /// the system does not tell. Costs a system call.
    /// </summary>
    public bool IsDelivered() => IsClosed || Socket.GetUnacknowledgedBytes() is null or 0;

    /// <summary>
    /// True once a send or a receive found that the peer has reset or cannot be reached.
    /// </summary>
    internal bool IsPeerGone { get; private set; }

    internal DriverSocket Socket { get; }

    internal IConnectionOwner? Owner { get; }

    internal BlockPool Pool { get; }

    internal ConnectionReader Reader { get; }

    internal ConnectionWriter Writer { get; }

    internal ConnectionExtras Extras => ExtrasIfAny ??= new ConnectionExtras();

    internal ConnectionExtras? ExtrasIfAny { get; private set; }

    /// <summary>True while a close waits for sends.</summary>
    internal bool IsClosing { get; private set; }

    internal bool HasUnsentHelperWrites =>
        ExtrasIfAny?.Writes is not null && Writer.UnsentBytes > 0;

    /// <summary>Connects to an address.</summary>
    /// <exception cref="SocketException">The address does not answer.</exception>
    public static Coroutine<Connection> OpenAsync(EndPoint endPoint, ConnectOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return ConnectionOpening.OpenOneAsync(endPoint, options ?? new ConnectOptions());
    }

    /// <summary>
    /// Connects to the first of several addresses that answers (RFC 8305). Cancelling closes every
    /// attempt.
    /// </summary>
    /// <exception cref="ConnectException">None of them answers.</exception>
    public static Coroutine<Connection> OpenAsync(
        IReadOnlyList<EndPoint> endPoints, ConnectOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(endPoints);
        ArgumentOutOfRangeException.ThrowIfZero(endPoints.Count);
        return ConnectionOpening.OpenFirstAsync(endPoints, options ?? new ConnectOptions());
    }

    /// <summary>Connects to a host name or address (asyncio: <c>open_connection</c>).</summary>
    /// <exception cref="ConnectException">None of its addresses answers.</exception>
    /// <exception cref="SocketException">The name has no address.</exception>
    public static Coroutine<Connection> OpenAsync(
        string host, int port, ConnectOptions? options = null) =>
        ConnectionOpening.OpenAsync(host, port, options);

    /// <summary>
    /// Completes when a read would not wait, sometimes spuriously. Holds no buffer. Then call
    /// <c>Input.TryRead</c>.
    /// </summary>
    public OperationAwaitable WaitReadableAsync() =>
        IsClosed ? OperationAwaitable.Aborted : Socket.WaitReadableAsync();

    /// <summary>Sends what the kernel takes now; true if nothing is left.</summary>
    public bool TryFlush() => Writer.TryFlush();

    /// <summary>
    /// Sends until at most so many bytes are left, however long the peer takes.
    /// </summary>
    public Coroutine FlushAsync(int unsentBytesMax = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(unsentBytesMax);
        return Writer.FlushAllAsync(unsentBytesMax);
    }

    /// <summary>
    /// Ends our stream (FIN) after what was written, without waiting (asyncio: <c>write_eof</c>).
    /// Writing then throws <see cref="InvalidOperationException"/>. Idempotent.
    /// </summary>
    public void ShutdownSend()
    {
        if (IsClosed || HasOutputEnded)
        {
            return;
        }

        if (ExtrasIfAny?.Layer is { } layer)
        {
            layer.WriteEof();
        }
        else
        {
            Writer.SendEnd();
        }
    }

    /// <summary>
    /// Closes at once. The kernel sends what was flushed, and what it takes now of the stream
    /// helpers' writes; the rest is dropped.
    /// </summary>
    /// <remarks>
    /// Linux resets a connection that is closed with unread input, and unsent bytes are lost.
    /// Present input is discarded; if more may come, read until <see cref="IsDelivered()"/>.
    /// </remarks>
    public void Close(CloseReason reason = CloseReason.Local)
    {
        if (!IsClosed && HasUnsentHelperWrites)
        {
            Writer.TryFlush();
        }

        CloseNow(reason, reset: false);
    }

    /// <summary>
    /// Sends what was written, then closes (asyncio: <c>close</c>, <c>wait_closed</c>). The peer
    /// can delay that (<see cref="Abort"/>). Cancelling ends only the wait.
    /// </summary>
    public async Coroutine CloseAsync()
    {
        CloseAfterSend(CloseReason.Local);
        await WaitClosedAsync();
    }

    /// <summary>
    /// Completes when this side has closed the connection (asyncio: <c>wait_closed</c>).
    /// </summary>
    public Future<Unit> WaitClosedAsync() => Extras.WaitClosedAsync(Loop, IsClosed);

    /// <summary>Closes with a reset, which drops what is unsent.</summary>
    public void Abort() => CloseNow(CloseReason.Aborted, reset: true);

    /// <summary>Sends what was written, then closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!IsClosed)
        {
            await Writer.FlushAsync();
            Close();
        }
    }

    /// <summary>Closes once what was written is sent; does not wait.</summary>
    internal void CloseAfterSend(CloseReason reason)
    {
        if (IsClosed || IsClosing)
        {
            return;
        }

        if (ExtrasIfAny?.Layer is { } layer)
        {
            layer.Close();
            return;
        }

        IsClosing = true;
        if (Writer.UnsentBytes == 0 || Writer.TryFlush())
        {
            Close(reason);
        }
        else
        {
            Writer.StopTaking();
            Loop.CreateTask(Writer.FlushAndCloseAsync(reason), "close");
        }
    }

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
            Writer.Break(error); // the kernel reports it once: a send would learn much later
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
        if (!reset && SentBytes > 0 && !Reader.HasEnded)
        {
            Reader.EmptyReceiveQueue();
        }

        Socket.Close(reset);
        Writer.OnClosed();
        Reader.OnClosed();
        ExtrasIfAny?.Layer?.OnClosed();
        Owner?.OnClosed(this);
        ExtrasIfAny?.Closed?.Set();
    }

    private void NoteReason(CloseReason reason)
    {
        if (CloseReason == CloseReason.None)
        {
            CloseReason = reason;
        }
    }

    internal readonly struct Links : IListLinks<Connection>
    {
        public ref ListLinks<Connection> Of(Connection element) => ref element._links;
    }
}

using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// A connected stream socket. Waiting and receiving are separate, so that an idle connection holds
/// no buffer.
/// </summary>
/// <remarks>
/// Loop thread only. At most one wait and one send are in flight. Do not call after
/// <see cref="Close"/>, except where a member says so.
/// </remarks>
public abstract class DriverSocket
{
    /// <summary>The address of this end; null after the close.</summary>
    public abstract EndPoint? LocalEndPoint { get; }

    /// <summary>The address of the peer, also after the close.</summary>
    public abstract EndPoint? RemoteEndPoint { get; }

    /// <summary>
    /// The descriptor, to show or to compare; null without one and after <see cref="Close"/>.
    /// </summary>
    public virtual SafeHandle? Descriptor => null;

    /// <summary>
    /// Completes when a receive would not wait, sometimes spuriously.
    /// </summary>
    public abstract OperationAwaitable WaitReadableAsync();

    /// <summary>Receives without waiting. The buffer must not be empty.</summary>
    public abstract IoResult Receive(Span<byte> buffer);

    /// <summary>Sends what the kernel takes now, without waiting.</summary>
    public abstract IoResult Send(ReadOnlySpan<byte> data);

    /// <summary>
    /// Completes when the kernel has taken all the data, which must not change until then.
    /// Cancelling the waiter does not stop the send.
    /// </summary>
    public abstract OperationAwaitable SendAllAsync(ReadOnlyMemory<byte> data);

    /// <summary>
    /// Bytes that the peer's system has acknowledged in all, or null if unknown. May cost a system
    /// call.
    /// </summary>
    public abstract long? GetAcknowledgedBytes();

    /// <summary>
    /// Bytes that the kernel has taken and the peer has not acknowledged, or null if unknown. May
    /// cost a system call.
    /// </summary>
    /// <remarks>
    /// Linux (SIOCOUTQ): an unacknowledged end of the stream counts as 1; Unix sockets report the
    /// memory of unread data, a little more than its bytes.
    /// </remarks>
    public abstract long? GetUnacknowledgedBytes();

    /// <summary>
    /// Why the connection has failed, also after the peer's end of the stream; <c>Success</c> while
    /// the system tries to deliver. May cost system calls.
    /// </summary>
    public virtual SocketError GetFailure() => SocketError.Success;

    /// <summary>Sends the end of the stream (FIN); receiving goes on.</summary>
    public abstract void ShutdownSend();

    /// <summary>
    /// Closes, with a reset if asked to; operations complete with <c>OperationAborted</c>.
    /// </summary>
    public abstract void Close(bool reset);
}

/// <summary>A socket that listens for connections.</summary>
/// <remarks>Loop thread only.</remarks>
public abstract class DriverListener
{
    /// <summary>The address, with the actual port.</summary>
    public abstract EndPoint LocalEndPoint { get; }

    /// <summary>
    /// Completes when <see cref="Accept"/> should be tried, sometimes spuriously.
    /// </summary>
    public abstract OperationAwaitable WaitAcceptableAsync();

    /// <summary>Accepts a connection without waiting, or returns the error.</summary>
    public abstract AcceptResult Accept();

    /// <summary>
    /// Accepts before a close: also a connection that an accept in flight has not seen yet.
    /// </summary>
    public virtual AcceptResult AcceptLast() => Accept();

    /// <summary>
    /// Makes the system refuse new connections, so that the backlog can be emptied before the
    /// close. True if handshakes in progress still complete, within a round trip. Idempotent.
    /// </summary>
    public virtual bool StopAdmitting() => false;

    /// <summary>
    /// Without free descriptors: accepts a connection with a reserved one and closes it. False if
    /// that fails.
    /// </summary>
    public virtual bool ShedOne() => false;

    /// <summary>
    /// True if the listener can never accept again after this error of an accept.
    /// </summary>
    public virtual bool IsBrokenBy(SocketError error) =>
        error is SocketError.OperationAborted or SocketError.NotSocket or SocketError.Fault;

    /// <summary>Stops listening; the kernel resets the backlog.</summary>
    public abstract void Close();
}

/// <summary>The outcome of an accept.</summary>
/// <param name="Socket">The connection, or null.</param>
/// <param name="Error">Why it is null.</param>
public readonly record struct AcceptResult(DriverSocket? Socket, SocketError Error);

/// <summary>A connection that is being made.</summary>
public abstract class DriverConnect : DriverOperation
{
    /// <summary>The connection, after success.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public DriverSocket Socket
    {
        get => field ?? throw new InvalidOperationException(
            "There is no connection: the attempt failed or has not ended.");
        protected set;
    }

    /// <summary>
    /// Closes the socket and ends the operation with <c>OperationAborted</c>.
    /// </summary>
    public abstract void Abandon();
}

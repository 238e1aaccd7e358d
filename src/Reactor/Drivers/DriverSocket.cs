using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// A driver's connected stream socket. Waiting for readability and receiving are separate, so that
/// an idle connection holds no buffer.
/// </summary>
/// <remarks>
/// Loop thread only. At most one wait for readability and one send are in flight. Calls after
/// <see cref="Close"/> are not allowed, except where a member says so.
/// </remarks>
public abstract class DriverSocket
{
    /// <summary>The address of this end; null after <see cref="Close"/>.</summary>
    public abstract EndPoint? LocalEndPoint { get; }

    /// <summary>The address of the peer, also after <see cref="Close"/>.</summary>
    public abstract EndPoint? RemoteEndPoint { get; }

    /// <summary>
    /// The descriptor, to show or to compare; null if there is none, and after
    /// <see cref="Close"/>. <see cref="LoopDriver.Watch"/> refuses it.
    /// </summary>
    public virtual SafeHandle? Descriptor => null;

    /// <summary>
    /// Completes when a receive would not wait: bytes, the end of the stream or a failure;
    /// sometimes without any of them.
    /// </summary>
    public abstract OperationAwaitable WaitReadableAsync();

    /// <summary>Receives without waiting. The buffer must not be empty.</summary>
    public abstract IoResult Receive(Span<byte> buffer);

    /// <summary>Sends what the kernel takes now, without waiting.</summary>
    public abstract IoResult Send(ReadOnlySpan<byte> data);

    /// <summary>
    /// Completes when the kernel has taken all of <paramref name="data"/>, which must not change
    /// until then. Cancelling the waiter does not stop the send.
    /// </summary>
    public abstract OperationAwaitable SendAllAsync(ReadOnlyMemory<byte> data);

    /// <summary>
    /// Bytes that the peer's system has acknowledged since the connection began; its program may
    /// not have read them. Null if unknown. May cost a system call.
    /// </summary>
    public abstract long? AcknowledgedBytes { get; }

    /// <summary>
    /// What the kernel has taken and the peer has not acknowledged; 0 if all is delivered, null if
    /// unknown. May cost a system call.
    /// </summary>
    /// <remarks>
    /// TCP on Linux (SIOCOUTQ): bytes, and 1 for an unacknowledged end of the stream. Unix sockets:
    /// the memory of what the peer's program has not read, a little more than its bytes.
    /// </remarks>
    public abstract long? UnacknowledgedBytes { get; }

    /// <summary>
    /// Why the connection has failed, or <c>Success</c> while the system tries to deliver. Detects
    /// a failure after the peer's end of the stream. May cost system calls.
    /// </summary>
    public virtual SocketError Failure => SocketError.Success;

    /// <summary>Sends the end of the stream (FIN); receiving goes on.</summary>
    public abstract void ShutdownSend();

    /// <summary>
    /// Closes the socket; operations in flight complete with <c>OperationAborted</c>.
    /// </summary>
    /// <param name="reset">True: sends a reset and drops what is unsent.</param>
    public abstract void Close(bool reset);
}

/// <summary>A socket that listens for connections.</summary>
/// <remarks>Loop thread only.</remarks>
public abstract class DriverListener
{
    /// <summary>The address that it listens on, with the actual port.</summary>
    public abstract EndPoint LocalEndPoint { get; }

    /// <summary>
    /// Completes when <see cref="Accept"/> should be tried; sometimes without a connection.
    /// </summary>
    public abstract OperationAwaitable WaitAcceptableAsync();

    /// <summary>Accepts a connection without waiting.</summary>
    /// <returns>The connection, or null with <c>WouldBlock</c> or the error.</returns>
    public abstract AcceptResult Accept();

    /// <summary>
    /// Accepts a connection of the kernel's queue, even if an accept in flight has not seen it yet:
    /// for use before the listener closes.
    /// </summary>
    public virtual AcceptResult AcceptLast() => Accept();

    /// <summary>
    /// Makes the system refuse new connections, so that the backlog can be emptied before the
    /// close. Idempotent.
    /// </summary>
    /// <returns>
    /// True if handshakes in progress still complete: accept for another round trip. False if the
    /// queue is final, or the system or a socket that was handed over does not allow it.
    /// </returns>
    public virtual bool StopAdmitting() => false;

    /// <summary>
    /// When descriptors have run out: accepts a connection with a reserved descriptor and closes
    /// it, so that its client does not wait in vain.
    /// </summary>
    /// <returns>False if that was not possible, or there is no reserve.</returns>
    public virtual bool ShedOne() => false;

    /// <summary>
    /// True if this listener can never accept again after an unexpected error. A driver asks the
    /// system if it can; else the error decides.
    /// </summary>
    /// <param name="error">The error of the accept.</param>
    public virtual bool IsBrokenBy(SocketError error) =>
        error is SocketError.OperationAborted
            or SocketError.NotSocket
            or SocketError.Fault;

    /// <summary>Stops listening; the kernel resets connections that were not accepted.</summary>
    public abstract void Close();
}

/// <summary>The outcome of an accept.</summary>
/// <param name="Socket">The connection, or null.</param>
/// <param name="Error">Why there is none.</param>
public readonly record struct AcceptResult(
    DriverSocket? Socket, SocketError Error);

/// <summary>A connection that is being made.</summary>
public abstract class DriverConnect : DriverOperation
{
    /// <summary>The connection, once the operation has ended with success.</summary>
    public abstract DriverSocket Socket { get; }

    /// <summary>
    /// Closes the socket and ends the operation with <c>OperationAborted</c>.
    /// </summary>
    public abstract void Abandon();
}

using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// A connected stream socket as a driver offers it. "Wait until readable" and "receive" are two
/// verbs, so that an idle connection holds no buffer.
/// </summary>
/// <remarks>
/// Loop thread only. At most one wait for readability and one send are in flight. After
/// <see cref="Close"/> every call is a mistake of ours, and an assertion.
/// </remarks>
public abstract class DriverSocket
{
    /// <summary>The address of this end; null after <see cref="Close"/>.</summary>
    public abstract EndPoint? LocalEndPoint { get; }

    /// <summary>
    /// The address of the peer; it can be asked for after <see cref="Close"/> too.
    /// </summary>
    public abstract EndPoint? RemoteEndPoint { get; }

    /// <summary>
    /// The descriptor behind it, to show or to compare; null where the driver has none, and after
    /// <see cref="Close"/>. It is the driver's own: <see cref="LoopDriver.Watch"/> refuses it.
    /// </summary>
    public virtual SafeHandle? Descriptor => null;

    /// <summary>
    /// Completes when a receive would not have to wait: there are bytes, the stream ended, or the
    /// connection failed (the receive tells which). It may complete although nothing is there.
    /// </summary>
    public abstract OperationAwaitable WaitReadable();

    /// <summary>Receives what is there, without waiting. The buffer must not be empty.</summary>
    public abstract IoResult Receive(Span<byte> buffer);

    /// <summary>Sends as much as the kernel takes now, without waiting.</summary>
    public abstract IoResult Send(ReadOnlySpan<byte> data);

    /// <summary>
    /// Completes when the kernel has taken all of <paramref name="data"/>, which must stay as it is
    /// until then. The send goes on when the waiting task is cancelled.
    /// </summary>
    public abstract OperationAwaitable SendAll(ReadOnlyMemory<byte> data);

    /// <summary>
    /// Bytes that the peer has acknowledged since the connection began; null where the system does
    /// not tell. May cost a system call.
    /// </summary>
    /// <remarks>
    /// A kernel takes far more than it delivers: what a send has returned is "taken", and only what
    /// the peer's system has confirmed is "acknowledged". Even then the peer's program may not have
    /// read it. A slow reader acknowledges in steps, when its system opens the window again (64 KiB
    /// and more on loopback).
    /// </remarks>
    public abstract long? AcknowledgedBytes { get; }

    /// <summary>
    /// What the kernel has taken and the peer has not acknowledged: zero if all of it was
    /// delivered. Null where the system does not tell. May cost a system call.
    /// </summary>
    /// <remarks>
    /// TCP on Linux (SIOCOUTQ): bytes, and one for an end of the stream that is not acknowledged.
    /// Unix sockets on Linux have no acknowledgements: there it is the memory that holds what the
    /// peer's program has not read, which is a little more than its bytes.
    /// </remarks>
    public abstract long? UnacknowledgedBytes { get; }

    /// <summary>
    /// Why the connection has failed, as far as the system knows, such as by a reset; or
    /// <c>Success</c>, also while the system still tries to deliver after an error. For a wait that
    /// nothing ends, because the peer has ended its stream before. May cost system calls.
    /// </summary>
    public virtual SocketError Failure => SocketError.Success;

    /// <summary>Sends the end of the stream (FIN); receiving goes on.</summary>
    public abstract void ShutdownSend();

    /// <summary>
    /// Closes the socket and completes what is in flight with <c>OperationAborted</c>.
    /// </summary>
    /// <param name="reset">True: with a reset, and what was not sent is dropped.</param>
    public abstract void Close(bool reset);
}

/// <summary>A socket that listens for connections.</summary>
/// <remarks>Loop thread only.</remarks>
public abstract class DriverListener
{
    /// <summary>The address that it listens on, with the port that was picked.</summary>
    public abstract EndPoint LocalEndPoint { get; }

    /// <summary>
    /// Completes when <see cref="Accept"/> should be tried. It may complete although nothing is
    /// there.
    /// </summary>
    public abstract OperationAwaitable WaitAcceptable();

    /// <summary>Takes one connection, without waiting.</summary>
    /// <returns>
    /// The connection with <c>Success</c>; or null with <c>WouldBlock</c>, or with why it failed.
    /// </returns>
    public abstract AcceptResult Accept();

    /// <summary>
    /// Takes one connection that the kernel has ready, also where an accept is in flight that has
    /// not learned of it: for the last look before the listener closes.
    /// </summary>
    public virtual AcceptResult AcceptLast() => Accept();

    /// <summary>
    /// Makes the system refuse further connections, while those in the backlog can still be
    /// accepted: so that the backlog can be emptied before the listener closes. Idempotent.
    /// </summary>
    /// <returns>
    /// True if handshakes that have begun still complete, so that the queue should be watched for a
    /// round trip. False if the queue is final, the system has no means for this, or the socket was
    /// handed over by its owner: other processes may go on listening with it.
    /// </returns>
    public virtual bool StopAdmitting() => false;

    /// <summary>
    /// When descriptors have run out: takes one connection that waits, with a descriptor held in
    /// reserve for this, and closes it at once, so that its client is told and need not wait for
    /// nothing.
    /// </summary>
    /// <returns>False if that was not possible, or the driver holds no reserve.</returns>
    public virtual bool ShedOne() => false;

    /// <summary>
    /// After an accept that failed for an unexpected reason: true if this listener can never accept
    /// again. A driver that can asks the system whether the socket listens. Else the error decides:
    /// what is no descriptor, no socket or no memory of ours does not mend.
    /// </summary>
    /// <param name="error">What the accept said.</param>
    public virtual bool IsBrokenBy(SocketError error) =>
        error is SocketError.OperationAborted
            or SocketError.NotSocket
            or SocketError.Fault;

    /// <summary>
    /// Stops listening; connections that were not accepted are reset by the kernel.
    /// </summary>
    public abstract void Close();
}

/// <summary>What one accept came to.</summary>
/// <param name="Socket">The connection, if there is one.</param>
/// <param name="Error">Why there is none.</param>
public readonly record struct AcceptResult(
    DriverSocket? Socket, SocketError Error);

/// <summary>A connection that is being made.</summary>
public abstract class DriverConnect : DriverOperation
{
    /// <summary>The connection, once the operation has ended with success.</summary>
    public abstract DriverSocket Socket { get; }

    /// <summary>
    /// Gives up: the socket is closed and the operation ends with <c>OperationAborted</c>.
    /// </summary>
    public abstract void Abandon();
}

using System.Net.Sockets;

namespace Reactor.Drivers;

/// <summary>
/// What one non-blocking receive or send came to: some bytes, the end of the stream, "not now", or
/// a failure. Never an exception: a peer that resets a connection is everyday life.
/// </summary>
/// <param name="Bytes">
/// Bytes moved; a receive of 0 without an error is the end of the stream.
/// </param>
/// <param name="Error"><see cref="SocketError.Success"/>, or why nothing was moved.</param>
public readonly record struct IoResult(int Bytes, SocketError Error)
{
    /// <summary>Nothing can be moved now; wait and try again.</summary>
    public static IoResult NotNow => new(0, SocketError.WouldBlock);

    /// <summary>True if bytes were moved, or the stream has ended.</summary>
    public bool IsSuccess => Error == SocketError.Success;

    /// <summary>True if it would have had to wait.</summary>
    public bool IsNotNow => Error == SocketError.WouldBlock;
}

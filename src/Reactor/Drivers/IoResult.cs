using System.Net.Sockets;

namespace Reactor.Drivers;

/// <summary>
/// The outcome of a non-blocking receive or send.
/// </summary>
/// <param name="Bytes">Received 0 without an error: the end of the stream.</param>
/// <param name="Error"><see cref="SocketError.Success"/>, or why nothing was moved.</param>
public readonly record struct IoResult(int Bytes, SocketError Error)
{
    /// <summary>The call would have to wait.</summary>
    public static IoResult NotNow => new(0, SocketError.WouldBlock);

    /// <summary>True if bytes were moved, or the stream has ended.</summary>
    public bool IsSuccess => Error == SocketError.Success;

    /// <summary>True if the call would have to wait.</summary>
    public bool IsNotNow => Error == SocketError.WouldBlock;
}

using System.Net;
using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>Explains which address cannot be listened on, why, and what to do.</summary>
internal static class ListenErrors
{
    /// <summary>Opens a listener; an error gets a message that names the address.</summary>
    /// <exception cref="SocketException">The address cannot be listened on.</exception>
    public static DriverListener Explain(EndPoint endPoint, Func<DriverListener> open)
    {
        try
        {
            return open();
        }
        catch (SocketException error)
        {
            throw new SocketException(
                (int)error.SocketErrorCode,
                $"Cannot listen on {endPoint}: {ReasonOf(endPoint, error.SocketErrorCode)}");
        }
    }

    private static string ReasonOf(EndPoint endPoint, SocketError error) => error switch
    {
        SocketError.AddressAlreadyInUse when endPoint is UnixDomainSocketEndPoint =>
            "a server listens there, or the file is no socket. Stop that server, remove the file, "
            + "or choose another path.",
        SocketError.AddressAlreadyInUse =>
            "the address is in use. Stop the process that has it (ss -ltnp shows it on Linux), or "
            + "choose another port.",
        SocketError.AccessDenied when endPoint is UnixDomainSocketEndPoint =>
            "this user may not make a file there. Choose another path.",
        SocketError.AccessDenied =>
            "this user may not use the port. Choose one above 1023.",
        SocketError.AddressNotAvailable when endPoint is UnixDomainSocketEndPoint =>
            "the folder does not exist. Make it, or choose another path.",
        SocketError.AddressNotAvailable =>
            "this machine does not have the address. Choose one of its own.",
        _ => $"{new SocketException((int)error).Message}.",
    };
}

using System.Net;
using System.Net.Sockets;

namespace Reactor.Testing;

/// <summary>Ports for servers that must know theirs before they start.</summary>
public static class LoopbackPort
{
    // Below the range from which Linux takes the ports of clients and of listeners without one.
    // Tests that run beside each other could get a port of that range in the meantime.
    private const int First = 20_000;
    private const int Count = 12_000;

    /// <summary>A port of 127.0.0.1 that was free a moment ago.</summary>
    public static int FindFree()
    {
        while (true)
        {
            int port = First + Random.Shared.Next(Count);
            using var probe = new Socket(
                AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException error)
                when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Taken: the next one.
            }
        }
    }
}

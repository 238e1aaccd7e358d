using System.Net.Sockets;
using Reactor.Drivers;

namespace Reactor.Tests.Drivers;

/// <summary>What tests of drivers do with a socket in more than one call.</summary>
internal static class DriverSockets
{
    /// <summary>A send that can be a task.</summary>
    public static async Coroutine<SocketError> SendAll(
        DriverSocket socket, ReadOnlyMemory<byte> data) => await socket.SendAllAsync(data);

    /// <summary>Receives until so many bytes have come; the stream must not end before.</summary>
    public static async Coroutine<byte[]> ReceiveAll(DriverSocket socket, int bytes)
    {
        byte[] received = new byte[bytes];
        for (int count = 0; count < bytes;)
        {
            await socket.WaitReadableAsync();
            IoResult result = socket.Receive(received.AsSpan(count));
            Assert.That(result.Bytes > 0 || result.IsNotNow, $"{result} after {count} bytes");
            count += result.Bytes;
        }

        return received;
    }
}

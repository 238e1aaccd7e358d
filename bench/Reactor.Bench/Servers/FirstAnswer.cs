using System.Net;
using System.Net.Sockets;

namespace Reactor.Bench.Servers;

/// <summary>One request on a new connection, which stays open.</summary>
internal static class FirstAnswer
{
    private const int AnswerMs = 10_000;

    private static ReadOnlySpan<byte> Request =>
        "GET /plaintext HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8;

    /// <exception cref="SocketException">No server listens or answers.</exception>
    /// <exception cref="MeasurementException">The answer is not 200.</exception>
    public static Socket Get(IPEndPoint endPoint)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveTimeout = AnswerMs,
            NoDelay = true,
        };
        try
        {
            socket.Connect(endPoint);
            socket.Send(Request);
            Span<byte> answer = stackalloc byte[1024];
            int bytes = socket.Receive(answer);
            return answer[..bytes].StartsWith("HTTP/1.1 200"u8)
                ? socket
                : throw new MeasurementException("the answer is not 200");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

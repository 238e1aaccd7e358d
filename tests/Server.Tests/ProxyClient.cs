using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Server.Tests;

/// <summary>
/// A client of a proxy that knows for each of its requests what the answer must be, and opens a new
/// connection whenever the old one was ended.
/// </summary>
/// <param name="port">The proxy's.</param>
/// <param name="number">Which client; part of what it has echoed.</param>
/// <param name="seed">Of the order of its requests.</param>
internal sealed class ProxyClient(int port, int number, int seed)
{
    private readonly Random _random = new(seed + number);
    private byte[] _received = new byte[64 * 1024];
    private int _count;
    private Socket? _socket;

    /// <summary>Asks so many times; how many answers were right, which is all of them.</summary>
    public int Run(int requests)
    {
        for (int i = 0; i < requests; i++)
        {
            (string request, int[] statuses, string? body) = Next(i);
            (int status, string answer) = Ask(request);
            Assert.That(statuses, Does.Contain(status), $"seed {seed}: {Shown(request)}");
            if (body is not null)
            {
                Assert.That(answer, Is.EqualTo(body), $"seed {seed}: {Shown(request)}");
            }
        }

        _socket?.Dispose();
        return requests;
    }

    // Refusals are the proxy's or ours, so more than one status may be right; never 200.
    private (string Request, int[] Statuses, string? Body) Next(int i)
    {
        string token = $"client {number}, request {i}, {new string('x', _random.Next(2000))}";
        const string Host = "Host: x\r\n";
        string length = $"Content-Length: {token.Length}\r\n";
        string chunk = $"{token.Length:x}\r\n{token}\r\n0\r\n\r\n";
        int size = _random.Next(100_000);
        return _random.Next(16) switch
        {
            0 or 1 or 2 => ($"POST /echo HTTP/1.1\r\n{Host}{length}\r\n{token}", [200], token),
            3 or 4 => (
                $"POST /echo HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\n{chunk}",
                [200], token),
            5 or 6 => ($"GET /bytes/{size} HTTP/1.1\r\n{Host}\r\n", [200], Pattern(size)),
            7 => ($"GET /plaintext HTTP/1.1\r\n{Host}\r\n", [200], "Hello, World!"),
            8 => ($"GET /nothing/{i} HTTP/1.1\r\n{Host}\r\n", [404], null),
            // The body of a request that nobody reads must not become the next request.
            9 => ($"POST /nothing HTTP/1.1\r\n{Host}{length}\r\n{token}", [404], null),
            10 => ($"POST /plaintext HTTP/1.1\r\n{Host}{length}\r\n{token}", [405], null),
            11 => ($"GET /a{{b HTTP/1.1\r\n{Host}\r\n", [400], null),
            12 => ($"GET / HTTP/1.1\r\n{Host}{Fields(150)}\r\n", [400, 431], null),
            13 => (
                $"POST /echo HTTP/1.1\r\n{Host}Transfer-Encoding: chunked\r\n\r\nxyz\r\n",
                [400, 500, 502], null),
            14 => ($"GET / HTTP/1.1\r\n{Host}{length}Content-Length: 1\r\n\r\n", [400], null),
            _ => ($"POST /echo HTTP/1.1\r\n{Host}A b: c\r\n{length}\r\n{token}", [400], null),
        };
    }

    private static string Fields(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(i => $"X-{i}: y\r\n"));

    private static string Pattern(int size) => string.Create(size, 0, static (text, _) =>
    {
        for (int i = 0; i < text.Length; i++)
        {
            text[i] = (char)('a' + (i % (16 * 1024) % 26));
        }
    });

    private (int Status, string Body) Ask(string request)
    {
        if (_socket is null)
        {
            _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                ReceiveTimeout = 30_000,
            };
            _socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            _count = 0;
        }

        _socket.Send(Encoding.ASCII.GetBytes(request));
        string head = ReceiveHead();
        int status = int.Parse(head.AsSpan(9, 3), CultureInfo.InvariantCulture);
        string body = ReceiveBody(head);
        if (status is not (200 or 404 or 405)
            || head.Contains("\r\nconnection: close", StringComparison.OrdinalIgnoreCase))
        {
            _socket.Dispose();
            _socket = null;
        }

        return (status, body);
    }

    private string ReceiveHead()
    {
        while (true)
        {
            int end = _received.AsSpan(0, _count).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                return Take(end + 4);
            }

            Receive();
        }
    }

    private string ReceiveBody(string head)
    {
        if (FieldOf(head, "transfer-encoding") is not null)
        {
            return ReceiveChunks();
        }

        int length = int.Parse(
            FieldOf(head, "content-length") ?? "0", CultureInfo.InvariantCulture);
        while (_count < length)
        {
            Receive();
        }

        return Take(length);
    }

    private string ReceiveChunks()
    {
        var body = new StringBuilder();
        while (true)
        {
            int end;
            while ((end = _received.AsSpan(0, _count).IndexOf("\r\n"u8)) < 0)
            {
                Receive();
            }

            int size = int.Parse(
                Take(end + 2).TrimEnd(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            while (_count < size + 2)
            {
                Receive();
            }

            body.Append(Take(size));
            Take(2);
            if (size == 0)
            {
                return body.ToString();
            }
        }
    }

    private void Receive()
    {
        if (_count == _received.Length)
        {
            Array.Resize(ref _received, _count * 2);
        }

        int received = _socket!.Receive(_received, _count, _received.Length - _count, default);
        Assert.That(received, Is.Positive, $"seed {seed}: the proxy ended in mid-answer");
        _count += received;
    }

    private string Take(int count)
    {
        string text = Encoding.ASCII.GetString(_received, 0, count);
        _received.AsSpan(count, _count - count).CopyTo(_received);
        _count -= count;
        return text;
    }

    private static string? FieldOf(string head, string name) => head.Split("\r\n")
        .Where(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))
        .Select(line => line[(name.Length + 1)..].Trim())
        .FirstOrDefault();

    private static string Shown(string request) => request[..Math.Min(request.Length, 200)];
}

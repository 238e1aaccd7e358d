using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// Readers that are slow but steady, on real sockets and all at once: each gets every byte,
/// whatever follows the response, on both drivers. The longest reads for 150 seconds, because that
/// is the matter: what the kernel has taken takes so long to be delivered.
/// </summary>
[Category("Slow")]
#pragma warning disable CS0618 // a dependency of all other fixtures would say less
[Order(0)] // the longest begin first
#pragma warning restore CS0618
public class SlowReadersTests
{
    private static readonly (int Bytes, int BytesPerSecond)[] s_readers =
    [
        (300_000, 2_000),
        (300_000, 5_000),
        (300_000, 20_000),
        (300_000, 50_000),
        (3_000_000, 50_000),
    ];

    private static readonly (string Version, string Connection)[] s_kinds =
    [
        ("HTTP/1.1", "close"),
        ("HTTP/1.0", "close"),
        ("HTTP/1.1", "keep-alive"),
    ];

    [Test]
    public async Task Slow_but_steady_readers_get_every_byte()
    {
        List<ServerProcess> servers = [];
        try
        {
            List<Task<string>> readers = [];
            foreach (string driver in RealDrivers.Names)
            {
                var server = ServerProcess.Start("--driver", driver);
                servers.Add(server);
                readers.AddRange(
                    from reader in s_readers
                    from kind in s_kinds
                    select Read(server.Port, driver, reader, kind));
            }

            string[] lost = [.. (await Task.WhenAll(readers)).Where(text => text.Length > 0)];
            Assert.That(lost, Is.Empty);
            // A busy machine may hold up a turn, and the loop reports that: it is no matter here.
            Assert.That(
                servers.SelectMany(server => server.Error.Split('\n')).Where(
                    line => line.Length > 0
                        && !line.Contains("Reactor.EventLoop[", StringComparison.Ordinal)),
                Is.Empty,
                "no reader stopped");
        }
        finally
        {
            servers.ForEach(server => server.Dispose());
        }
    }

    /// <summary>Reads a response at a rate; empty, or what was wrong.</summary>
    private static async Task<string> Read(
        int port,
        string driver,
        (int Bytes, int BytesPerSecond) reader,
        (string Version, string Connection) kind)
    {
        using var socket = new Socket(
            AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET /bytes/{reader.Bytes} {kind.Version}\r\nHost: x\r\n"
            + $"Connection: {kind.Connection}\r\n\r\n"));
        byte[] received = new byte[reader.Bytes + 4096];
        int count = 0;
        long begun = Stopwatch.GetTimestamp();
        string? failure = null;
        while (failure is null && !IsWhole(received.AsSpan(0, count), reader.Bytes))
        {
            int due = (int)Math.Min(
                received.Length,
                Stopwatch.GetElapsedTime(begun).TotalSeconds * reader.BytesPerSecond);
            if (due <= count)
            {
                await Task.Delay(100);
                continue;
            }

            try
            {
                int bytes = await socket.ReceiveAsync(received.AsMemory(count, due - count));
                failure = bytes == 0 ? "the end" : null;
                count += bytes;
            }
            catch (SocketException error)
            {
                failure = error.SocketErrorCode.ToString();
            }
        }

        return failure is null
            ? ""
            : $"{driver}, {reader}, {kind}: {failure} after {count} bytes and "
                + $"{Stopwatch.GetElapsedTime(begun).TotalSeconds:F0} s";
    }

    private static bool IsWhole(ReadOnlySpan<byte> received, int bodyBytes)
    {
        int head = received.IndexOf("\r\n\r\n"u8);
        return head >= 0 && received.Length >= head + 4 + bodyBytes;
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Reactor.Testing;

namespace Server.Tests;

/// <summary>
/// What uploads do to the memory of the real server: while their bodies are half there, and after
/// their clients have gone.
/// </summary>
[Category("Slow")]
#pragma warning disable CS0618 // a dependency of all other fixtures would say less
[Order(0)] // the longest begin first
#pragma warning restore CS0618
[TestFixtureSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
[Category("Measured")]
public sealed class BodyMemoryTests(string driver)
{
    private const int Clients = 1000;
    private const int Finishers = 20;
    private const int BodyBytes = 1_000_000;
    private const int HalfBytes = 600_000;
    private const int Kib = 1024;

    private static readonly byte[] s_head = Encoding.ASCII.GetBytes(
        $"POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: {BodyBytes}\r\n\r\n");

    private static readonly byte[] s_half = new byte[HalfBytes];
    private static readonly byte[] s_rest = new byte[BodyBytes - HalfBytes];

    /// <summary>
    /// The half-sent ones are ended in groups of as many as fit, each after the five seconds of
    /// silence that the least rate allows; every body that does end finds its turn.
    /// </summary>
    [Test]
    [CancelAfter(240_000)]
    public async Task Half_sent_bodies_take_no_more_than_their_budget_and_those_that_end_complete(
        CancellationToken deadline)
    {
        using var server = ServerProcess.Start("--driver", driver, "--body-memory", "64");
        await WarmUp(server, deadline);
        long idle = server.StatusKib("VmRSS");
        var clients = new List<Socket>();
        long highest = 0;
        using (var watch = new Timer(
            _ => highest = Math.Max(highest, server.StatusKib("VmRSS")), null, 0, 50))
        {
            var finishers = new List<Task<string>>();
            for (int i = 0; i < Clients; i++)
            {
                Socket client = Connect(server);
                clients.Add(client);
                bool finishes = i % (Clients / Finishers) == Clients / Finishers / 2;
                Task<string> sent = Send(client, finishes, deadline);
                if (finishes)
                {
                    finishers.Add(sent);
                }
            }

            string[] answers = await Task.WhenAll(finishers);
            Assert.That(answers, Is.All.StartsWith("HTTP/1.1 200 OK"));
        }

        Assert.That((highest - idle) / Kib, Is.LessThanOrEqualTo(64 + 32), "MiB above idle");
        clients.ForEach(client => client.Dispose());
        AssertFalls(server, idle + (20 * Kib), TimeSpan.FromSeconds(40));
        Assert.That(
            await Upload(server, true, deadline), Does.StartWith("HTTP/1.1 200 OK"), "it serves");
    }

    [Test]
    [CancelAfter(120_000)]
    public async Task Uploaders_that_disconnect_leave_no_memory_behind(CancellationToken deadline)
    {
        using var server = ServerProcess.Start("--driver", driver, "--body-memory", "64");
        await Upload(server, true, deadline);
        long idle = server.StatusKib("VmRSS");
        for (int round = 0; round < 20; round++)
        {
            await Task.WhenAll(
                Enumerable.Range(0, 20).Select(_ => Upload(server, false, deadline)));
        }

        Assert.That((server.StatusKib("VmHWM") - idle) / Kib, Is.LessThanOrEqualTo(64 + 32));
        AssertFalls(server, idle + (20 * Kib), TimeSpan.FromSeconds(40));
    }

    /// <summary>
    /// Compiles what uploads need, and fills the youngest generation of the heap once: in a process
    /// that has just started, the first thousand requests of any kind leave 10 MB there.
    /// </summary>
    private static async Task WarmUp(ServerProcess server, CancellationToken deadline)
    {
        await Upload(server, true, deadline);
        for (int round = 0; round < 50; round++)
        {
            await Task.WhenAll(
                Enumerable.Range(0, 20).Select(_ => Upload(server, false, deadline)));
        }

        await Task.Delay(TimeSpan.FromSeconds(2), deadline); // the blocks are the system's again
    }

    private static void AssertFalls(ServerProcess server, long kib, TimeSpan within)
    {
        var watch = Stopwatch.StartNew();
        while (server.StatusKib("VmRSS") > kib)
        {
            Assert.That(
                watch.Elapsed, Is.LessThan(within), $"{server.StatusKib("VmRSS")} > {kib} KiB");
            Thread.Sleep(100);
        }
    }

    private static async Task<string> Upload(
        ServerProcess server, bool finishes, CancellationToken deadline)
    {
        using Socket client = Connect(server);
        return await Send(client, finishes, deadline);
    }

    /// <summary>Sends a part of a body, or all of it; then gives what is answered.</summary>
    private static async Task<string> Send(
        Socket client, bool finishes, CancellationToken deadline)
    {
        try
        {
            await client.SendAsync(s_head, deadline);
            await SendAll(client, s_half, deadline);
            if (!finishes)
            {
                return "";
            }

            await SendAll(client, s_rest, deadline);
            return await ReceiveAnswer(client, deadline);
        }
        catch (SocketException error)
        {
            return error.Message; // it was ended for its silence
        }
        catch (ObjectDisposedException)
        {
            return "";
        }
    }

    /// <summary>Takes all of an echo, or of a refusal; returns its beginning.</summary>
    private static async Task<string> ReceiveAnswer(Socket client, CancellationToken deadline)
    {
        byte[] answer = new byte[BodyBytes + 1024];
        int length = 0;
        while (length < BodyBytes)
        {
            int count = await client.ReceiveAsync(answer.AsMemory(length), deadline);
            if (count == 0)
            {
                break;
            }

            length += count;
        }

        return Encoding.ASCII.GetString(answer, 0, Math.Min(length, 100));
    }

    private static async Task SendAll(
        Socket client, ReadOnlyMemory<byte> bytes, CancellationToken deadline)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await client.SendAsync(bytes, deadline)..];
        }
    }

    private static Socket Connect(ServerProcess server)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(new IPEndPoint(IPAddress.Loopback, server.Port));
        return client;
    }
}

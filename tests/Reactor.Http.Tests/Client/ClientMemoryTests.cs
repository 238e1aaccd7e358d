using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// The memory of bodies: a response that was read to its end, or has failed, holds none of it, also
/// if its caller forgets to dispose of it.
/// </summary>
public sealed class ClientMemoryTests
{
    private const int MemoryMax = 64 * 1024;
    private const int Block = 16 * 1024;

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly AsyncLocal<object?> s_value = new();

    [Test]
    public void A_body_that_was_read_to_its_end_holds_no_memory(
        [Values(0, 1, 4096, 4097, 16 * 1024, MemoryMax - 1)] int bytes,
        [Values("length", "chunks", "close")] string framing, [Values] bool isStreamed)
    {
        using var world = new ClientWorld(new ClientOptions { BodyBufferBytesMax = MemoryMax });
        string content = new('x', bytes);
        string url = world.Answer("HTTP/1.1 200 OK\r\n" + framing switch
        {
            "length" => $"Content-Length: {bytes}\r\n\r\n{content}",
            "chunks" => "Transfer-Encoding: chunked\r\n\r\n"
                + (bytes > 0 ? $"{bytes:x}\r\n{content}\r\n" : "") + "0\r\n\r\n",
            _ => $"\r\n{content}",
        }, ends: framing == "close");
        var undisposed = new List<ClientResponse>();
        world.Run(async () =>
        {
            for (int i = 0; i < 3; i++)
            {
                ClientResponse response = await world.Session.GetAsync(url);
                undisposed.Add(response);
                long read = isStreamed
                    ? await ReadStream(response)
                    : (await response.ReadAsync()).Length;
                Assert.That(read, Is.EqualTo(bytes));
                Assert.That(world.Session.HeldBodyBytes, Is.Zero);
                Assert.That(world.Session.RentedBodyBlocks, Is.Zero);
            }

            foreach (ClientResponse response in undisposed.Where(_ => !isStreamed))
            {
                Assert.That(await response.TextAsync(), Is.EqualTo(content), "it is the caller's");
            }
        });
    }

    [Test]
    public void A_body_that_has_failed_holds_no_memory([Values] bool isStreamed)
    {
        const string Sent = "HTTP/1.1 200 OK\r\nContent-Length: 20000\r\n\r\n";
        using var world = new ClientWorld();
        string url = world.Answer(Sent + new string('x', 19_999), ends: true);
        world.Run(async () =>
        {
            ClientResponse response = await world.Session.GetAsync(url);
            try
            {
                _ = isStreamed ? await ReadStream(response) : (await response.ReadAsync()).Length;
                Assert.Fail("nothing was thrown");
            }
            catch (ClientDisconnectedException)
            {
            }

            Assert.That(world.Session.HeldBodyBytes, Is.Zero);
            Assert.That(world.Session.RentedBodyBlocks, Is.Zero);
        });
    }

    [Test]
    public void A_response_that_its_time_has_ended_holds_no_memory(
        [Values("whole", "stream", "taken")] string way)
    {
        using var world = new ClientWorld(new ClientOptions { Timeout = 2 * s_second });
        ClientResponse response = Get(world, world.Serve(Stall));
        ReadResult read = default;
        if (way == "whole")
        {
            world.Fail<TimeoutException>(
                async () => await TimeoutScope.Run(s_second, _ => response.ReadAsync()));
        }
        else
        {
            read = world.Run(async () => await response.Body.ReadAsync());
            Assert.That(read.Buffer.Length, Is.LessThan(2 * Block), "there is more to read");
        }

        if (way == "stream")
        {
            response.Body.AdvanceTo(read.Buffer.Start);
        }

        Assert.That(world.Session.HeldBodyBytes, Is.Positive);
        world.RunFor(2);
        Assert.That(world.Session.HeldBodyBytes, Is.Zero);
        if (way == "taken")
        {
            Assert.That(read.Buffer.ToArray(), Is.All.EqualTo((byte)'x'), "its reader uses it");
            response.Body.AdvanceTo(read.Buffer.End);
        }

        Assert.That(world.Session.RentedBodyBlocks, Is.Zero);
        var error = world.Fail<ClientTimeoutException>(async () => _ = way == "whole"
            ? (await response.ReadAsync()).Length
            : await ReadStream(response));
        Assert.That(error.Phase, Is.EqualTo(ClientPhase.Total));
    }

    [TestCase("Content-Length: 5000\r\n\r\n{0}")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n1388\r\n{0}\r\nno chunk\r\n")]
    public void A_stream_whose_exchange_has_ended_reserves_nothing(string framing)
    {
        string content = new('x', 0x1388); // more than fits into a small array
        using var world = new ClientWorld();
        string url = world.Answer(
            "HTTP/1.1 200 OK\r\n" + string.Format(CultureInfo.InvariantCulture, framing, content));
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync(url);
            ReadResult read = await response.Body.ReadAsync();
            Assert.That(Encoding.ASCII.GetString(read.Buffer), Is.EqualTo(content));
            Assert.That(world.Session.HeldBodyBytes, Is.Zero);
            response.Body.AdvanceTo(read.Buffer.Start);
            Assert.That(world.Session.RentedBodyBlocks, Is.EqualTo(1), "its reader may go on");
        });
        Assert.That(world.Session.RentedBodyBlocks, Is.Zero);
    }

    [Test]
    public void A_body_that_waits_for_memory_gives_a_silent_server_no_more_time()
    {
        using var world = new ClientWorld(
            new ClientOptions { BodyBufferBytesMax = MemoryMax, BodyIdleTimeout = 10 * s_second });
        string url = world.Serve(Stall);
        using ClientResponse holder = Get(world, url);
        LoopTask<long> silent = world.Loop.CreateTask(Hoard(holder));
        world.RunFor(9);
        using ClientResponse waiter = Get(world, url);
        LoopTask<string> waiting = world.Loop.CreateTask(waiter.TextAsync());
        var error = world.Fail<ClientTimeoutException>(async () => await silent);
        Assert.That(error.Phase, Is.EqualTo(ClientPhase.Body));
        Assert.That(world.Loop.Time, Is.EqualTo(10 * s_second));
        waiting.Cancel();
    }

    [Test]
    public void A_closed_session_still_refuses_a_body_that_waits_for_memory()
    {
        using var world = new ClientWorld(new ClientOptions { BodyBufferBytesMax = MemoryMax });
        string url = world.Serve(Stall);
        using ClientResponse holder = Get(world, url);
        LoopTask<long> silent = world.Loop.CreateTask(Hoard(holder));
        world.Settle();
        using ClientResponse waiter = Get(world, url);
        TimeSpan begin = world.Loop.Time;
        LoopTask<string> waiting = world.Loop.CreateTask(waiter.TextAsync());
        world.RunFor(1);
        world.Run(world.Session.CloseAsync);
        var error = world.Fail<ClientProtocolException>(async () => await waiting);
        Assert.That(error.Reason, Is.EqualTo(Rejection.BodyNoRoom));
        Assert.That(world.Loop.Time - begin, Is.EqualTo(5 * s_second));
        silent.Cancel();
    }

    [Test]
    public void Neither_session_nor_connection_keeps_the_values_of_the_request_that_made_it()
    {
        using var world = new ClientWorld(new ClientOptions { IdleTimeout = TimeSpan.MaxValue });
        string url = world.Answer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        WeakReference value = GetWithValue(world, url);
        world.Get(url); // the loop has no state of the first request's task any more
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        Assert.That(value.IsAlive, Is.False);
        Assert.That(world.Session.IdleConnections, Is.EqualTo(1));
    }

    private static ClientResponse Get(ClientWorld world, string url) =>
        world.Run(() => world.Session.GetAsync(url));

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference GetWithValue(ClientWorld world, string url) => world.Run(
        async () => await world.Loop.CreateTask(async () =>
        {
            var value = new WeakReference(s_value.Value = new object());
            using ClientResponse response = await world.Session.GetAsync(url);
            return value;
        }));

    // Sends two blocks of a long body, and no more.
    private static async Coroutine Stall(Connection connection)
    {
        await RawPeer.ReadHeadAsync(connection);
        await RawPeer.SendAsync(
            connection,
            $"HTTP/1.1 200 OK\r\nContent-Length: {MemoryMax}\r\n\r\n{new string('x', 2 * Block)}");
        await connection.ReadToEndAsync();
    }

    // Reads and consumes nothing.
    private static async Coroutine<long> Hoard(ClientResponse response)
    {
        while (true)
        {
            ReadResult read = await response.Body.ReadAsync();
            response.Body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async Coroutine<long> ReadStream(ClientResponse response)
    {
        long bytes = 0;
        while (true)
        {
            ReadResult read = await response.Body.ReadAsync();
            bytes += read.Buffer.Length;
            response.Body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return bytes;
            }
        }
    }
}

using System.IO.Pipelines;
using System.Text;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// Reads of a body that are cancelled and later made again: no byte is lost, and only the time of a
/// wait counts as a pause of the server.
/// </summary>
public sealed class CancelledReadTests
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    private static ClientOptions Options { get; } = new()
    {
        BodyIdleTimeout = s_limit,
        Timeout = TimeSpan.MaxValue,
    };

    [Test]
    public void What_arrives_after_a_cancelled_read_is_there_much_later(
        [Values("scope", "token", "pending", "whole")] string way)
    {
        using var world = new ClientWorld(Options);
        string url = ServeAfter(world, 2 * s_second);
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync(url);
            await CancelRead(response, way);
            await EventLoop.Delay(10 * s_limit);
            Assert.That(await ReadAll(response, way), Is.EqualTo("ab"));
        });
    }

    // The limit of the second read counts from its own begin, on the old wait for input.
    [Test]
    public void A_read_after_a_cancelled_one_has_its_own_time(
        [Values("scope", "token", "pending", "whole")] string way, [Values(-1, 1)] int ticks)
    {
        using var world = new ClientWorld(Options);
        TimeSpan pause = 5 * s_second;
        string url = ServeAfter(world, s_second + pause + s_limit + TimeSpan.FromTicks(ticks));
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync(url);
            await CancelRead(response, way);
            await EventLoop.Delay(pause);
            try
            {
                Assert.That(await ReadAll(response, way), Is.EqualTo("ab"));
                Assert.That(ticks, Is.Negative, "the limit has passed");
            }
            catch (ClientTimeoutException error)
            {
                Assert.That(error.Phase, Is.EqualTo(ClientPhase.Body));
                Assert.That(ticks, Is.Positive);
            }
        });
        world.RunFor(2);
    }

    [Test]
    public void A_cancelled_read_that_waited_for_memory_is_not_refused_later()
    {
        const int Memory = 64 * 1024;
        using var world = new ClientWorld(Options with { BodyBufferBytesMax = Memory });
        string content = new('x', 2 * Memory);
        string url = world.Answer(
            $"HTTP/1.1 200 OK\r\nContent-Length: {content.Length}\r\n\r\n{content}");
        world.Run(async () =>
        {
            using ClientResponse holder = await world.Session.GetAsync(url);
            while ((await holder.Body.ReadAsync()).Buffer is var read && read.Length < Memory)
            {
                holder.Body.AdvanceTo(read.Start, read.End);
            }

            using ClientResponse waiter = await world.Session.GetAsync(url);
            await CancelRead(waiter, "scope");
            await EventLoop.Delay(10 * s_limit);
            holder.Dispose();
            Assert.That(await ReadAll(waiter, "scope"), Has.Length.EqualTo(content.Length));
        });
    }

    private static string ServeAfter(ClientWorld world, TimeSpan delay) =>
        world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            await RawPeer.SendAsync(connection, Head);
            await EventLoop.Delay(delay);
            await RawPeer.SendAsync(connection, "ab");
        });

    // Cancels a read that has waited for a second.
    private static async Coroutine CancelRead(ClientResponse response, string way)
    {
        using var source = new CancellationTokenSource();
        EventLoop.Current.CallLater(s_second, () =>
        {
            if (way == "pending")
            {
                response.Body.CancelPendingRead();
            }
            else if (way == "token")
            {
                source.Cancel();
            }
        });
        try
        {
            await TimeoutScope.Run(way is "scope" or "whole" ? s_second : null, async _ =>
            {
                if (way == "whole")
                {
                    await response.ReadAsync();
                }

                ReadResult read = await response.Body.ReadAsync(source.Token);
                Assert.That(read.IsCanceled, Is.EqualTo(way == "pending"));
                response.Body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
            });
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            Assert.That(way, Is.Not.EqualTo("pending"));
        }
    }

    private static async Coroutine<string> ReadAll(ClientResponse response, string way)
    {
        if (way == "whole")
        {
            return await response.TextAsync();
        }

        var text = new StringBuilder();
        while (true)
        {
            ReadResult read = await response.Body.ReadAsync();
            text.Append(Encoding.ASCII.GetString(read.Buffer));
            response.Body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return $"{text}";
            }
        }
    }
}

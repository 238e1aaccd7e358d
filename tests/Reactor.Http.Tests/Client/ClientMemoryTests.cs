using System.IO.Pipelines;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// The memory of bodies: a response that was read to its end, or has failed, holds none of it, also
/// if its caller forgets to dispose of it.
/// </summary>
public sealed class ClientMemoryTests
{
    private const int MemoryMax = 64 * 1024;

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

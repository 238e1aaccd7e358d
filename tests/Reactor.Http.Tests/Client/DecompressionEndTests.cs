using System.Diagnostics.Tracing;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// How the decoding of a body ends: at its end, half-way, by a cancellation or a time limit; the
/// connection then returns or is closed, and all memory of the decoders is given back.
/// </summary>
public sealed class DecompressionEndTests
{
    // More than decoders and blocks hold.
    private const int Bytes = 300_000;

    [Test]
    public void A_response_that_is_disposed_of_half_way_closes_its_connection(
        [Values("gzip", "deflate", "br", "gzip, br")] string coding,
        [Values("head", "piece", "whole")] string read)
    {
        using var buffers = new PooledBuffers();
        using (var world = new ClientWorld(Coded.All))
        {
            string url = world.Answer(
                Coded.Response(coding, Coded.Encode(coding, new byte[Bytes]), "chunks"));
            world.Run(async () =>
            {
                using ClientResponse response = await world.Session.GetAsync(url);
                if (read == "piece")
                {
                    response.Body.AdvanceTo((await response.Body.ReadAsync()).Buffer.End);
                }
                else if (read == "whole")
                {
                    await response.ReadAsync();
                }
            });
            Assert.That(world.Session.IdleConnections, Is.EqualTo(read == "whole" ? 1 : 0));
            Assert.That(world.Session.OpenConnections, Is.EqualTo(read == "whole" ? 1 : 0));
        }

        Assert.That(buffers.Rented, Is.Zero);
        Assert.That(buffers.Ever, Is.GreaterThan(1));
    }

    [Test]
    public void A_body_that_waits_for_more_gives_its_memory_back_when_disposed_of(
        [Values("gzip", "deflate", "br")] string coding)
    {
        using var buffers = new PooledBuffers();
        using (var world = new ClientWorld(Coded.All))
        {
            string sent = Coded.Response(coding, Coded.Encode(coding, Coded.Random(Bytes)));
            string url = world.Answer(sent[..^1000]);
            world.Run(async () =>
            {
                using ClientResponse response = await world.Session.GetAsync(url);
                await CancelledReadAsync(response);
            });
            Assert.That(world.Session.OpenConnections, Is.Zero);
        }

        Assert.That(buffers.Rented, Is.Zero);
        Assert.That(buffers.Ever, Is.GreaterThan(1));
    }

    [Test]
    public void A_corrupt_body_gives_its_memory_back_before_it_is_disposed_of(
        [Values("gzip", "deflate", "br")] string coding)
    {
        using var buffers = new PooledBuffers();
        using var world = new ClientWorld(Coded.All);
        string url = world.Answer(
            Coded.Response(coding, Coded.Encode(coding, Coded.Random(Bytes))[..^1]));
        world.Run(async () =>
        {
            ClientResponse response = await world.Session.GetAsync(url);
            try
            {
                await response.ReadAsync();
                Assert.Fail("nothing was thrown");
            }
            catch (ClientProtocolException)
            {
            }

            Assert.That(buffers.Rented, Is.Zero);
        });
    }

    [Test]
    public void A_cancelled_read_loses_no_byte(
        [Values("gzip", "deflate", "br")] string coding, [Values(1, 40, 299_000)] int first)
    {
        using var world = new ClientWorld(Coded.All);
        byte[] content = Coded.Random(Bytes);
        string sent = Coded.Response(coding, Coded.Encode(coding, content));
        first += sent.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4;
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            await RawPeer.SendAsync(connection, sent[..first]);
            await EventLoop.Delay(TimeSpan.FromSeconds(20));
            await RawPeer.SendAsync(connection, sent[first..]);
        });
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync(url);
            try
            {
                await TimeoutScope.Run(TimeSpan.FromSeconds(1), async _ =>
                {
                    await response.ReadAsync();
                });
                Assert.Fail("it is not whole");
            }
            catch (TimeoutException)
            {
            }

            Assert.That((await response.ReadAsync()).Span.SequenceEqual(content));
        });
    }

    // The pause counts from the last byte of the wire, also if that decodes to nothing.
    [Test]
    public void The_pause_between_bytes_is_that_of_the_wire([Values] bool isLate)
    {
        using var world = new ClientWorld(
            Coded.All with { BodyIdleTimeout = TimeSpan.FromSeconds(10) });
        string sent = Coded.Response("gzip", Coded.GzipHello);
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            await RawPeer.SendAsync(connection, sent[..^8]);
            foreach (char octet in sent[^8..]) // the checks of gzip
            {
                await EventLoop.Delay(
                    TimeSpan.FromSeconds(10) + TimeSpan.FromTicks(isLate ? 1 : -1));
                await RawPeer.SendAsync(connection, $"{octet}");
            }
        });
        if (isLate)
        {
            var error = Assert.Throws<ClientTimeoutException>(() => world.Get(url))!;
            Assert.That(error.Phase, Is.EqualTo(ClientPhase.Body));
            world.RunFor(100);
        }
        else
        {
            Assert.That(world.Get(url), Is.EqualTo("200 hello"));
        }
    }

    // All of it has arrived, but not all is decoded: the connection is not free yet.
    [Test]
    public void The_time_of_a_response_ends_with_the_decoded_body([Values(-1, 1)] int ticks)
    {
        var limit = TimeSpan.FromSeconds(10);
        using var world = new ClientWorld(Coded.All with { Timeout = limit });
        string url = world.Answer(Coded.Response("br", Coded.Encode("br", new byte[Bytes])));
        world.Run(async () =>
        {
            TimeSpan due = world.Loop.Time + limit;
            using ClientResponse response = await world.Session.GetAsync(url);
            response.Body.AdvanceTo((await response.Body.ReadAsync()).Buffer.End);
            Assert.That(world.Session.IdleConnections, Is.Zero);
            await EventLoop.Delay(due - world.Loop.Time + TimeSpan.FromTicks(ticks));
            try
            {
                await Coded.ReadStreamAsync(response);
                Assert.That(ticks, Is.Negative);
                Assert.That(world.Session.IdleConnections, Is.EqualTo(1));
            }
            catch (ClientTimeoutException error)
            {
                Assert.That(ticks, Is.Positive);
                Assert.That(error.Phase, Is.EqualTo(ClientPhase.Total));
                Assert.That(world.Session.OpenConnections, Is.Zero);
            }
        });
    }

    private static async Coroutine CancelledReadAsync(ClientResponse response)
    {
        try
        {
            await TimeoutScope.Run(
                TimeSpan.FromSeconds(1), async _ => await Coded.ReadStreamAsync(response));
            Assert.Fail("the end is missing");
        }
        catch (TimeoutException)
        {
        }
    }

    /// <summary>
    /// Counts the arrays that this thread takes of the shared pool: those of decoders of .NET too,
    /// which return them only if they are disposed of.
    /// </summary>
    private sealed class PooledBuffers : EventListener
    {
        private readonly int _thread = Environment.CurrentManagedThreadId;

        public int Rented { get; private set; }

        public int Ever { get; private set; }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "System.Buffers.ArrayPoolEventSource")
            {
                EnableEvents(eventSource, EventLevel.Verbose);
            }
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (Environment.CurrentManagedThreadId == _thread)
            {
                int change = eventData.EventName switch
                {
                    "BufferRented" => 1,
                    "BufferReturned" => -1,
                    _ => 0,
                };
                Rented += change;
                Ever += Math.Max(change, 0);
            }
        }
    }
}

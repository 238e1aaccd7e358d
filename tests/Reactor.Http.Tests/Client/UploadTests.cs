using System.IO.Pipelines;
using System.Text;
using Reactor.Http.Tests.Server;
using Reactor.Net;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// The content of a request while its response comes: both ways at once, back-pressure, early
/// responses, faults of the content, and the wait for a 100 response.
/// </summary>
public sealed class UploadTests
{
    private const string NoContent = "HTTP/1.1 204 No Content\r\n\r\n";

    [Test]
    public void Content_and_body_stream_both_ways_at_once()
    {
        const int Pieces = 200;
        const int PieceBytes = 10_000;
        using var world = new ClientWorld();
        string url = world.Serve(
            app => app.Post("/", ExchangeScenarios.StreamBack), ServerFixture.Patient with
            {
                Parser = new() { BodyBytesMax = Pieces * PieceBytes },
            });
        var content = new TestContent(async body =>
        {
            for (int i = 0; i < Pieces; i++)
            {
                string piece = new((char)('a' + (i % 26)), PieceBytes);
                await body.WriteAsync(Encoding.UTF8.GetBytes(piece));
            }
        });
        world.Run(async () =>
        {
            using ClientResponse response =
                await world.Session.SendAsync(new("POST", url) { Content = content });
            long bytes = 0;
            while (true)
            {
                ReadResult read = await response.Body.ReadAsync();
                foreach (ReadOnlyMemory<byte> piece in read.Buffer)
                {
                    for (int i = 0; i < piece.Length; i++)
                    {
                        int expected = 'a' + (int)((bytes + i) / PieceBytes % 26);
                        if (piece.Span[i] != expected)
                        {
                            Assert.Fail($"byte {bytes + i} is another");
                        }
                    }

                    bytes += piece.Length;
                }

                response.Body.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }

            Assert.That(bytes, Is.EqualTo(Pieces * PieceBytes));
        });
        world.Settle();
        Assert.That(world.Session.IdleConnections, Is.EqualTo(1), "both were read to their end");
    }

    [Test]
    public void A_server_that_reads_slowly_holds_the_content_back()
    {
        const int Piece = 8 * 1024;
        const long Held = (64 + 64 + 64 + 16) * 1024; // unsent, two windows, a block being read
        using var world = new ClientWorld();
        long taken = 0;
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            var buffer = new byte[Piece];
            for (int i = 0; i < 100; i++)
            {
                taken += (await connection.ReadExactlyAsync(Piece)).Length;
                await EventLoop.Delay(TimeSpan.FromSeconds(1));
            }

            await RawPeer.SendAsync(connection, NoContent);
        });
        long most = 0;
        var content = new TestContent(async body =>
        {
            for (int i = 1; i <= 100; i++)
            {
                await body.WriteAsync(new byte[Piece]);
                most = Math.Max(most, i * Piece - taken);
            }
        }, 100 * Piece);
        Assert.That(world.Ask(new("PUT", url) { Content = content }), Is.EqualTo("204 "));
        Assert.That(most, Is.LessThanOrEqualTo(Held));
    }

    [TestCase("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno", "413 no")]
    [TestCase("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok", "200 ok")]
    public void An_early_response_that_refuses_the_content_stops_it(string sent, string meaning)
    {
        using var world = new ClientWorld();
        bool wasCancelled = false;
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            await RawPeer.SendAsync(connection, sent);
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
        });
        var content = new TestContent(async body =>
        {
            try
            {
                await EventLoop.Delay(TimeSpan.FromHours(1));
            }
            catch (LoopCanceledException)
            {
                wasCancelled = true;
                throw;
            }
        });
        Assert.That(world.Ask(new("POST", url) { Content = content }), Is.EqualTo(meaning));
        world.Settle();
        Assert.That(wasCancelled);
        Assert.That(world.Session.OpenConnections, Is.Zero, "the request is not complete");
        world.RunFor(2);
    }

    [Test]
    public void An_early_success_lets_the_content_continue_and_keeps_the_connection()
    {
        using var world = new ClientWorld();
        string url = world.Serve(async connection =>
        {
            while (await RawPeer.ReadHeadAsync(connection) is not null)
            {
                await RawPeer.SendAsync(
                    connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                await connection.ReadExactlyAsync(4);
            }
        });
        var content = new TestContent(async body =>
        {
            await body.WriteAsync("ab"u8.ToArray());
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            await body.WriteAsync("cd"u8.ToArray());
        }, 4);
        Assert.That(world.Ask(new("POST", url) { Content = content }), Is.EqualTo("200 ok"));
        Assert.That(world.Session.IdleConnections, Is.Zero);
        world.RunFor(2);
        Assert.That(world.Session.IdleConnections, Is.EqualTo(1));
    }

    [TestCase(2)]
    [TestCase(4)]
    public void A_content_of_another_length_than_announced_fails_the_request(int bytes)
    {
        using var world = new ClientWorld();
        string url = world.Serve(app => app.OnEcho("/"));
        var content = new TestContent(body => body.WriteAsync(new byte[bytes]), 3);
        Assert.Throws<InvalidOperationException>(
            () => world.Ask(new("POST", url) { Content = content }));
        Assert.That(world.Session.OpenConnections, Is.Zero);
    }

    [Test]
    public void An_exception_of_the_content_is_that_of_the_request()
    {
        using var world = new ClientWorld();
        string url = world.Serve(app => app.OnEcho("/"));
        var content = new TestContent(async body =>
        {
            await body.WriteAsync("a"u8.ToArray());
            throw new FileNotFoundException("the file");
        });
        Assert.Throws<FileNotFoundException>(
            () => world.Ask(new("POST", url) { Content = content }));
        Assert.That(world.Session.OpenConnections, Is.Zero);
    }

    [Test]
    public void A_server_that_ends_without_reading_the_content_is_told()
    {
        using var world = new ClientWorld();
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            connection.Abort();
        });
        Assert.Throws<ClientDisconnectedException>(
            () => world.Ask(new("POST", url) { Content = TestContent.Bytes(new byte[1 << 20]) }));
    }

    [Test]
    public void A_success_of_a_server_that_takes_no_more_of_the_content_ends_the_connection()
    {
        // Other tasks run between so many heads: the final one is already in memory when the
        // content finds that it cannot be sent any more.
        string heads = string.Concat(
            Enumerable.Repeat("HTTP/1.1 102 Processing\r\n\r\n", 160));
        bool isBroken = false;
        using var world = new ClientWorld();
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            await RawPeer.SendAsync(
                connection, heads + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            await EventLoop.Yield(); // it has arrived
            connection.Abort();
            isBroken = true;
        });
        var content = new TestContent(async body =>
        {
            while (!isBroken)
            {
                await EventLoop.Yield();
            }

            await body.WriteAsync(new byte[1 << 20]);
        });
        Assert.That(world.Ask(new("POST", url) { Content = content }), Is.EqualTo("200 ok"));
        Assert.That(world.Session.OpenConnections, Is.Zero);
    }

    [Test]
    public void The_content_waits_for_a_100_response_for_a_second()
    {
        using var world = new ClientWorld();
        bool isAnswered = true;
        string url = world.Serve(async connection =>
        {
            while (await RawPeer.ReadHeadAsync(connection) is { } head)
            {
                Assert.That(head, Does.Contain("\r\nExpect: 100-continue\r\n"));
                if (isAnswered)
                {
                    await EventLoop.Delay(TimeSpan.FromSeconds(0.3));
                    Assert.That(connection.UnreadBytes, Is.Zero);
                    await RawPeer.SendAsync(connection, "HTTP/1.1 100 Continue\r\n\r\n");
                }

                await connection.ReadExactlyAsync(2);
                await RawPeer.SendAsync(connection, NoContent);
            }
        });
        Assert.That(TimeOfSending(), Is.EqualTo(TimeSpan.FromSeconds(0.3)));
        isAnswered = false;
        Assert.That(TimeOfSending(), Is.EqualTo(TimeSpan.FromSeconds(1)));

        TimeSpan TimeOfSending()
        {
            TimeSpan began = world.Loop.Time;
            Assert.That(
                world.Ask(new("POST", url)
                {
                    Content = TestContent.Text("ab"),
                    ExpectsContinue = true,
                }),
                Is.EqualTo("204 "));
            return world.Loop.Time - began;
        }
    }

    [Test]
    public void An_empty_content_waits_for_no_100_response()
    {
        using var world = new ClientWorld();
        string? head = null;
        string url = world.Serve(async connection =>
        {
            head = await RawPeer.ReadHeadAsync(connection);
            await RawPeer.SendAsync(connection, NoContent);
        });
        Assert.That(
            world.Ask(new("POST", url)
            {
                Content = TestContent.Text(""),
                ExpectsContinue = true,
            }),
            Is.EqualTo("204 "));
        Assert.That(head, Does.Contain("Content-Length: 0").And.Not.Contain("Expect"));
        Assert.That(world.Loop.Time, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void A_final_response_in_place_of_a_100_means_that_no_content_is_sent()
    {
        using var world = new ClientWorld();
        bool hasBegun = false;
        string url = world.Answer("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
        var content = new TestContent(body =>
        {
            hasBegun = true;
            return body.WriteAsync("a"u8.ToArray());
        });
        Assert.That(
            world.Ask(new("POST", url) { Content = content, ExpectsContinue = true }),
            Is.EqualTo("401 "));
        Assert.That(hasBegun, Is.False);
        Assert.That(world.Session.OpenConnections, Is.Zero, "the next byte would be ambiguous");
    }

    [Test]
    public void A_writer_that_outlives_its_request_throws()
    {
        using var world = new ClientWorld();
        ClientBodyWriter? kept = null;
        string url = world.Serve(app => app.OnEcho("/"));
        var content = new TestContent(body =>
        {
            kept = body;
            return body.WriteAsync("a"u8.ToArray());
        });
        Assert.That(world.Ask(new("POST", url) { Content = content }), Is.EqualTo("200 a"));
        Assert.Throws<InvalidOperationException>(
            () => world.Run(() => kept!.WriteAsync("b"u8.ToArray())));
    }
}

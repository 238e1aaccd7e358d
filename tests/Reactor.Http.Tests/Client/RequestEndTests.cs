using Reactor.Net;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// Where a request ends: no byte follows its end, and what a server asked for is sent, also if its
/// response comes early.
/// </summary>
public sealed class RequestEndTests
{
    private const string Early = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private static ClientOptions Infinite { get; } = new()
    {
        HeadTimeout = TimeSpan.MaxValue,
        BodyIdleTimeout = TimeSpan.MaxValue,
        SendIdleTimeout = TimeSpan.MaxValue,
        Timeout = TimeSpan.MaxValue,
    };

    [Test]
    public void A_writer_that_outlives_its_content_throws_before_the_response_comes()
    {
        using var world = new ClientWorld();
        ClientBodyWriter? kept = null;
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            await connection.ReadExactlyAsync("1\r\na\r\n0\r\n\r\n".Length);
            await EventLoop.Delay(TimeSpan.FromSeconds(2));
            Assert.That(connection.UnreadBytes, Is.Zero, "a byte behind the end of the request");
            await RawPeer.SendAsync(connection, Early);
        });
        var content = new TestContent(body =>
        {
            kept = body;
            return body.WriteAsync("a"u8.ToArray());
        });
        world.Run(async () =>
        {
            LoopTask<ClientResponse> asked = world.Loop.CreateTask(
                world.Session.PostAsync(url, content));
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            LoopTask late = world.Loop.CreateTask(kept!.WriteAsync("b"u8.ToArray()));
            await EventLoop.Wait([late]);
            Assert.That(late.Exception, Is.TypeOf<InvalidOperationException>());
            using ClientResponse response = await asked;
            Assert.That(await response.TextAsync(), Is.EqualTo("ok"));
        });
    }

    [Test]
    public void A_content_that_ends_before_its_writes_fails_its_request([Values] bool hasLength)
    {
        const int Bytes = 1 << 20;
        using var world = new ClientWorld();
        LoopTask? pending = null;
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
        });
        var content = new TestContent(
            async body =>
            {
                pending = EventLoop.Spawn(body.WriteAsync(new byte[Bytes]));
                await EventLoop.Yield();
            },
            hasLength ? Bytes : null);
        var error = Assert.Throws<InvalidOperationException>(
            () => world.Ask(new("POST", url) { Content = content }))!;
        Assert.That(error.Message, Does.Contain("await"));
        Assert.That(world.Session.OpenConnections, Is.Zero);
        world.RunFor(2);
        Assert.That(pending!.Exception, Is.TypeOf<InvalidOperationException>());
    }

    [Test]
    public void A_connection_is_lent_until_its_content_was_sent([Values] bool isClosed)
    {
        const int Bytes = 50_000;
        int received = 0;
        using var world = new ClientWorld(network: new() { WindowBytes = 4096 });
        string url = world.Serve(async connection =>
        {
            while (await RawPeer.ReadHeadAsync(connection) is not null)
            {
                await RawPeer.SendAsync(connection, Early);
                await EventLoop.Delay(TimeSpan.FromSeconds(1));
                await connection.ReadExactlyAsync(Bytes);
                received++;
            }
        });
        for (int connections = 1; connections <= 2; connections++)
        {
            var content = TestContent.Bytes(new byte[Bytes]);
            Assert.That(world.Ask(new("POST", url) { Content = content }), Is.EqualTo("200 ok"));
            Assert.That(world.Session.IdleConnections, Is.Zero);
            Assert.That(world.Session.OpenConnections, Is.EqualTo(connections));
        }

        if (isClosed)
        {
            world.Run(world.Session.CloseAsync);
        }

        world.RunFor(2);
        Assert.That(received, Is.EqualTo(2));
        Assert.That(world.Session.IdleConnections, Is.EqualTo(isClosed ? 0 : 2));
    }

    [Test]
    public void A_connection_is_not_kept_if_its_response_came_before_the_head_was_sent()
    {
        using var world = new ClientWorld(network: new() { WindowBytes = 4096 });
        string url = world.Serve(async connection =>
        {
            await connection.ReadExactlyAsync(1);
            await RawPeer.SendAsync(connection, Early);
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
        });
        var request = new ClientRequest("GET", url)
        {
            Headers = { { "X", new string('x', 50_000) } },
        };
        Assert.That(world.Ask(request), Is.EqualTo("200 ok"));
        Assert.That(world.Session.OpenConnections, Is.Zero);
        world.RunFor(2);
    }

    [Test]
    public void A_content_that_fails_after_its_response_was_read_is_reported()
    {
        using var world = new ClientWorld();
        var reported = new List<Exception?>();
        world.Loop.ExceptionHandler = (_, error) => reported.Add(error.Exception);
        string url = world.Answer(Early);
        var content = new TestContent(async body =>
        {
            await body.WriteAsync("a"u8.ToArray());
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            throw new FileNotFoundException("the file");
        });
        Assert.That(world.Ask(new("POST", url) { Content = content }), Is.EqualTo("200 ok"));
        Assert.That(world.Session.OpenConnections, Is.EqualTo(1));
        world.RunFor(2);
        Assert.That(world.Session.OpenConnections, Is.Zero);
        Assert.That(reported, Has.One.TypeOf<FileNotFoundException>());
    }

    [Test]
    public void A_final_head_behind_a_100_lets_the_content_be_sent([Values] bool isOneSegment)
    {
        using var world = new ClientWorld(Infinite);
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            string interim = "HTTP/1.1 100 Continue\r\n\r\n";
            string head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
            if (!isOneSegment)
            {
                await RawPeer.SendAsync(connection, interim);
                await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
                interim = "";
            }

            await RawPeer.SendAsync(connection, interim + head);
            await connection.ReadExactlyAsync(2);
            await RawPeer.SendAsync(connection, "2\r\nok\r\n0\r\n\r\n");
        });
        Assert.That(
            world.Ask(new("POST", url)
            {
                Content = TestContent.Text("ab"),
                ExpectsContinue = true,
            }),
            Is.EqualTo("200 ok"));
    }
}

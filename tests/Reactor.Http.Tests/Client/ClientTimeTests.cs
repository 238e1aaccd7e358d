using System.Text;
using Reactor.Http.Protocol;
using Reactor.Http.Tests.Server;
using Reactor.Net;
using Reactor.Simulation;

namespace Reactor.Http.Tests.Client;

/// <summary>Every time limit and size limit of an exchange, at the limit and one beyond.</summary>
public sealed class ClientTimeTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    private static ClientOptions Infinite { get; } = new()
    {
        HeadTimeout = TimeSpan.MaxValue,
        BodyIdleTimeout = TimeSpan.MaxValue,
        SendIdleTimeout = TimeSpan.MaxValue,
        Timeout = TimeSpan.MaxValue,
    };

    [Test]
    public void The_head_has_its_time_from_the_end_of_the_request()
    {
        ClientOptions options = Infinite with { HeadTimeout = s_limit };
        TimeSpan pause = s_limit - s_tick;
        using var world = new ClientWorld(options);
        string url = world.Serve(async connection =>
        {
            while (await RawPeer.ReadHeadAsync(connection) is not null)
            {
                await RawPeer.SendAsync(connection, "HTTP/1.1 102 Processing\r\n\r\n");
                await EventLoop.Delay(pause);
                await RawPeer.SendAsync(connection, "HTTP/1.1 204 No Content\r\n\r\n");
            }
        });
        Assert.That(world.Get(url), Is.EqualTo("204 "));
        pause = s_limit + s_tick;
        var error = Assert.Throws<ClientTimeoutException>(() => world.Get(url))!;
        Assert.That(error.Phase, Is.EqualTo(ClientPhase.Head));
        Assert.That(error.Message, Does.Contain("10 s").And.Contain("HeadTimeout"));
        Assert.That(world.Session.OpenConnections, Is.Zero);
        world.RunFor(20);
    }

    [TestCase(1)]
    [TestCase(100)]
    public void A_flood_of_1xx_responses_ends_with_the_time_of_the_head(int atOnce)
    {
        using var world = new ClientWorld(Infinite with { HeadTimeout = s_limit });
        string heads = string.Concat(
            Enumerable.Repeat("HTTP/1.1 102 Processing\r\n\r\n", atOnce));
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            while (!connection.IsClosed)
            {
                await RawPeer.SendAsync(connection, heads);
                await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
            }
        });
        var error = Assert.Throws<ClientTimeoutException>(() => world.Get(url))!;
        Assert.That(error.Phase, Is.EqualTo(ClientPhase.Head));
        Assert.That(world.Loop.Time, Is.EqualTo(s_limit));
        Assert.That(world.Session.OpenConnections, Is.Zero);
        world.RunFor(1);
    }

    // The kernel has taken all, and has sent little: 20 KiB/s for a megabyte.
    [TestCase(0, true)]
    [TestCase(6, true)] // from the last acknowledgement on
    [TestCase(12, false)]
    public void The_head_has_no_limit_while_the_end_of_the_request_is_acknowledged(
        double pause, bool isInTime)
    {
        const int Bytes = 1 << 20;
        using var world = new ClientWorld(
            Infinite with { HeadTimeout = s_limit },
            new InMemoryOptions { SendBufferBytes = 4 * Bytes });
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            for (int left = Bytes; left > 0; left -= Math.Min(left, 20 * 1024))
            {
                await connection.ReadExactlyAsync(Math.Min(left, 20 * 1024));
                await EventLoop.Delay(TimeSpan.FromSeconds(1));
            }

            await EventLoop.Delay(TimeSpan.FromSeconds(Math.Max(0, pause - 3)));
            await RawPeer.SendAsync(connection, "HTTP/1.1 204 No Content\r\n\r\n");
        });
        var request = new ClientRequest("PUT", url)
        {
            Content = TestContent.Bytes(new byte[Bytes]),
        };
        if (isInTime)
        {
            Assert.That(world.Ask(request), Is.EqualTo("204 "));
        }
        else
        {
            Assert.That(
                Assert.Throws<ClientTimeoutException>(() => world.Ask(request))!.Phase,
                Is.EqualTo(ClientPhase.Head));
        }

        world.RunFor(20);
    }

    [Test]
    public void A_server_that_never_acknowledges_the_end_of_the_request_is_late()
    {
        using var world = new ClientWorld(
            Infinite with { HeadTimeout = s_limit },
            new InMemoryOptions { SendBufferBytes = 4 << 20 });
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            await EventLoop.Delay(s_limit * 10);
        });
        var content = TestContent.Bytes(new byte[1 << 20]);
        Assert.Throws<ClientTimeoutException>(
            () => world.Ask(new("PUT", url) { Content = content }));
        Assert.That(world.Loop.Time, Is.InRange(s_limit, s_limit * 1.125));
        world.RunFor(200);
    }

    [Test]
    public void A_time_limit_of_a_request_is_checked_where_it_is_set()
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(
            () => _ = new ClientRequest("GET", "/") { Timeout = TimeSpan.Zero })!;
        Assert.That(error.ParamName, Is.EqualTo(nameof(ClientRequest.Timeout)));
        Assert.That(
            new ClientRequest("GET", "/") { Timeout = Timeout.InfiniteTimeSpan }.Timeout,
            Is.EqualTo(TimeSpan.MaxValue));
    }

    [Test]
    public void The_head_has_no_limit_while_the_content_is_sent()
    {
        using var world = new ClientWorld(Infinite with { HeadTimeout = s_limit });
        string url = world.Serve(app => app.OnEcho());
        var content = new TestContent(async body =>
        {
            await body.WriteAsync("a"u8.ToArray());
            await EventLoop.Delay(s_limit * 3);
            await body.WriteAsync("b"u8.ToArray());
        });
        Assert.That(
            world.Ask(new("POST", $"{url}/echo") { Content = content }), Is.EqualTo("200 ab"));
    }

    [Test]
    public void A_pause_in_the_body_has_a_limit()
    {
        TimeSpan pause = s_limit - s_tick;
        using var world = new ClientWorld(Infinite with { BodyIdleTimeout = s_limit });
        string url = world.Serve(async connection =>
        {
            while (await RawPeer.ReadHeadAsync(connection) is not null)
            {
                await RawPeer.SendAsync(
                    connection, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\na");
                await EventLoop.Delay(pause);
                await RawPeer.SendAsync(connection, "b");
                await EventLoop.Delay(pause);
                await RawPeer.SendAsync(connection, "c");
            }
        });
        Assert.That(world.Get(url), Is.EqualTo("200 abc"));
        pause = s_limit + s_tick;
        var error = Assert.Throws<ClientTimeoutException>(() => world.Get(url))!;
        Assert.That(error.Phase, Is.EqualTo(ClientPhase.Body));
        Assert.That(world.Session.OpenConnections, Is.Zero);
        world.RunFor(30);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void The_whole_exchange_has_a_limit_that_a_request_can_change(bool isInHead)
    {
        TimeSpan pause = s_limit - s_tick;
        using var world = new ClientWorld(Infinite with { Timeout = s_limit });
        string url = world.Serve(async connection =>
        {
            while (await RawPeer.ReadHeadAsync(connection) is not null)
            {
                await EventLoop.Delay(isInHead ? pause : TimeSpan.Zero);
                await RawPeer.SendAsync(connection, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n");
                await EventLoop.Delay(isInHead ? TimeSpan.Zero : pause);
                await RawPeer.SendAsync(connection, "a");
            }
        });
        Assert.That(world.Get(url), Is.EqualTo("200 a"));
        pause = s_limit + s_tick;
        var error = Assert.Throws<ClientTimeoutException>(() => world.Get(url))!;
        Assert.That(error.Phase, Is.EqualTo(ClientPhase.Total));
        Assert.That(world.Session.OpenConnections, Is.Zero);
        Assert.That(
            world.Ask(new("GET", url) { Timeout = s_limit * 2 }), Is.EqualTo("200 a"));
        world.RunFor(30);
    }

    [Test]
    public void A_total_limit_ends_a_response_that_is_not_read()
    {
        using var world = new ClientWorld(Infinite with { Timeout = s_limit });
        string url = world.Answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync(url);
            await EventLoop.Delay(s_limit);
            Assert.That(world.Session.OpenConnections, Is.Zero);
            try
            {
                await response.ReadAsync();
                Assert.Fail("nothing was thrown");
            }
            catch (ClientTimeoutException error)
            {
                Assert.That(error.Phase, Is.EqualTo(ClientPhase.Total));
            }
        });
    }

    [Test]
    public void A_server_that_takes_nothing_ends_the_request()
    {
        using var world = new ClientWorld(Infinite with { SendIdleTimeout = s_limit });
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            await EventLoop.Delay(s_limit * 10);
        });
        var content = TestContent.Bytes(new byte[1024 * 1024]);
        var error = Assert.Throws<ClientTimeoutException>(
            () => world.Ask(new("POST", url) { Content = content }))!;
        Assert.That(error.Phase, Is.EqualTo(ClientPhase.Send));
        Assert.That(world.Loop.Time, Is.InRange(s_limit, s_limit + TimeSpan.FromSeconds(1)));
        world.RunFor(200);
    }

    [TestCase("Content-Length: {0}\r\n\r\n{2}")]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n{1}\r\n{2}\r\n0\r\n\r\n")]
    public void A_body_that_is_read_whole_has_a_limit(string framing)
    {
        const int Limit = 1000;
        using var world = new ClientWorld(new ClientOptions { BodyBytesMax = Limit });
        int bytes = Limit;
        string url = world.Serve(async connection =>
        {
            while (await RawPeer.ReadHeadAsync(connection) is not null)
            {
                await RawPeer.SendAsync(connection, "HTTP/1.1 200 OK\r\n" + string.Format(
                    null, framing, bytes, $"{bytes:x}", new string('x', bytes)));
            }
        });
        Assert.That(world.Get(url), Has.Length.EqualTo(4 + Limit));
        bytes++;
        var error = Assert.Throws<ClientProtocolException>(() => world.Get(url))!;
        Assert.That(error.Reason, Is.EqualTo(Rejection.BodyTooLarge));
        Assert.That(error.Message, Does.Contain("BodyBytesMax"));
        Assert.That(world.Session.OpenConnections, Is.Zero);
    }

    [Test]
    public void The_head_has_the_limits_of_the_options()
    {
        const string Start = "HTTP/1.1 204 No Content\r\nX: ";
        const string End = "\r\n\r\n";
        const int Section = 100;
        using var world = new ClientWorld(new ClientOptions
        {
            HeadLimits = new ParserLimits { SectionBytesMax = Section },
        });
        int fill = Section - "X: ".Length - End.Length;
        string url = world.Serve(async connection =>
        {
            while (await RawPeer.ReadHeadAsync(connection) is not null)
            {
                await RawPeer.SendAsync(connection, Start + new string('x', fill) + End);
            }
        });
        Assert.That(world.Get(url), Is.EqualTo("204 "));
        fill++;
        var error = Assert.Throws<ClientProtocolException>(() => world.Get(url))!;
        Assert.That(error.Reason, Is.EqualTo(Rejection.FieldSectionTooLarge));
    }

    [TestCase("Content-Length: 0\r\n{0}\r\n", Rejection.FieldsTooMany)]
    [TestCase("Transfer-Encoding: chunked\r\n\r\n0\r\n{0}\r\n", Rejection.TrailersTooMany)]
    public void Fields_and_trailers_have_a_number_at_most(string framing, Rejection reason)
    {
        const int Limit = 5;
        using var world = new ClientWorld(new ClientOptions
        {
            HeadLimits = new ParserLimits { FieldsMax = Limit + 1, TrailersMax = Limit },
        });
        int fields = Limit;
        string url = world.Serve(async connection =>
        {
            while (await RawPeer.ReadHeadAsync(connection) is not null)
            {
                await RawPeer.SendAsync(connection, "HTTP/1.1 200 OK\r\n" + string.Format(
                    null, framing, string.Concat(Enumerable.Repeat("X: y\r\n", fields))));
            }
        });
        Assert.That(world.Get(url), Is.EqualTo("200 "));
        fields++;
        var error = Assert.Throws<ClientProtocolException>(() => world.Get(url))!;
        Assert.That(error.Reason, Is.EqualTo(reason));
        Assert.That(world.Session.OpenConnections, Is.Zero);
    }

    [Test]
    public void Bodies_that_need_more_memory_than_there_is_wait_for_it()
    {
        const int Bytes = 64 * 1024;
        using var world = new ClientWorld(new ClientOptions { BodyBufferBytesMax = Bytes });
        string url = world.Serve(app => app.OnGet("/", new string('x', Bytes)));
        world.Run(async () =>
        {
            async Coroutine<int> Load()
            {
                using ClientResponse response = await world.Session.GetAsync(url);
                ReadOnlyMemory<byte> content = await response.ReadAsync();
                Assert.That(world.Session.HeldBodyBytes, Is.LessThanOrEqualTo(Bytes));
                await EventLoop.Delay(TimeSpan.FromSeconds(1));
                return content.Length;
            }

            var tasks = Enumerable.Range(0, 3).Select(_ => world.Loop.CreateTask(Load()));
            foreach (LoopTask<int> task in tasks.ToArray())
            {
                Assert.That(await task, Is.EqualTo(Bytes));
            }
        });
        Assert.That(Encoding.UTF8.GetByteCount(world.Get(url)), Is.EqualTo(4 + Bytes));
    }
}

using Reactor.Http.Tests.Server;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// A cancelled request closes its connection, whatever it waits for; nothing is left.
/// </summary>
public sealed class CancelTests
{
    [Test]
    public void A_request_is_cancelled_while_it_waits_for_the_head()
    {
        using var world = new ClientWorld();
        bool isGone = false;
        string url = world.Serve(app => app.Get("/", async request =>
        {
            request.Aborted.Register(() => isGone = true);
            await EventLoop.Delay(TimeSpan.FromHours(1));
            return Response.Text("late");
        }), ServerFixture.Patient with { CancelHandlerOnDisconnect = true });
        Cancel(world, () => world.Session.GetAsync(url).Discarded());
        world.Settle();
        Assert.That(isGone, "the server learns of it at once");
    }

    [Test]
    public void A_request_is_cancelled_while_its_content_is_sent()
    {
        using var world = new ClientWorld();
        string url = ServeSilence(world);
        bool hasBegun = false;
        var content = new TestContent(async body =>
        {
            hasBegun = true;
            await body.WriteAsync(new byte[1024 * 1024]);
        });
        Cancel(world, () => world.Session.PostAsync(url, content).Discarded());
        Assert.That(hasBegun);
    }

    [Test]
    public void A_request_is_cancelled_while_its_content_waits_for_a_100_response()
    {
        using var world = new ClientWorld();
        string url = ServeSilence(world);
        bool hasBegun = false;
        var content = new TestContent(async body =>
        {
            hasBegun = true;
            await body.WriteAsync(new byte[1]);
        });
        Cancel(
            world,
            () => world.Session.SendAsync(
                new("POST", url) { Content = content, ExpectsContinue = true }).Discarded(),
            seconds: 0.5);
        Assert.That(hasBegun, Is.False);
    }

    [Test]
    public void A_request_is_cancelled_while_the_body_of_a_redirect_is_read()
    {
        using var world = new ClientWorld();
        string url = world.Answer(
            "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 2\r\n\r\na");
        Cancel(world, () => world.Session.GetAsync(url).Discarded());
    }

    [Test]
    public void A_request_is_cancelled_while_it_connects_again()
    {
        bool isSilent = false;
        using var world = new ClientWorld(new ClientOptions
        {
            ResolveAsync = async _ =>
            {
                await EventLoop.Delay(TimeSpan.FromSeconds(isSilent ? 100 : 0));
                return [System.Net.IPAddress.Loopback];
            },
        });
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            await RawPeer.SendAsync(connection, "HTTP/1.1 204 No Content\r\n\r\n");
            await RawPeer.ReadHeadAsync(connection);
            isSilent = true;
        }).Replace("127.0.0.1", "host.example");
        world.Get(url);
        Cancel(world, () => world.Session.GetAsync(url).Discarded(), open: 0);
        Assert.That(isSilent, "the second request was lost with its connection");
    }

    [Test]
    public void A_request_is_cancelled_while_its_body_is_read()
    {
        using var world = new ClientWorld();
        string url = world.Answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\na");
        Cancel(world, async () =>
        {
            using ClientResponse response = await world.Session.GetAsync(url);
            await response.ReadAsync();
        });
    }

    [Test]
    public void A_request_is_cancelled_while_it_waits_for_a_connection()
    {
        using var world = new ClientWorld(new ClientOptions { ConnectionsPerHostMax = 1 });
        string url = world.Answer("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na");
        world.Run(async () =>
        {
            using ClientResponse first = await world.Session.GetAsync(url);
            LoopTask second = world.Loop.CreateTask(world.Session.GetAsync(url).Discarded());
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            Assert.That(world.Session.WaitingRequests, Is.EqualTo(1));
            second.Cancel();
            await EventLoop.Wait([second]);
            Assert.That(second.IsCancelled);
            Assert.That(world.Session.WaitingRequests, Is.Zero);
            Assert.That(await first.TextAsync(), Is.EqualTo("a"));
        });
    }

    [Test]
    public void A_cancelled_read_of_a_stream_loses_no_byte()
    {
        using var world = new ClientWorld();
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            await RawPeer.SendAsync(connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n");
            await EventLoop.Delay(TimeSpan.FromSeconds(2));
            await RawPeer.SendAsync(connection, "ab");
        });
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync(url);
            try
            {
                await TimeoutScope.Run(
                    TimeSpan.FromSeconds(1), async _ => await response.Body.ReadAsync());
                Assert.Fail("nothing was thrown");
            }
            catch (TimeoutException)
            {
            }

            var read = await response.Body.ReadAsync();
            Assert.That(read.Buffer.Length, Is.EqualTo(2));
            response.Body.AdvanceTo(read.Buffer.End);
        });
    }

    private static string ServeSilence(ClientWorld world) => world.Serve(async connection =>
    {
        await RawPeer.ReadHeadAsync(connection);
        await connection.WaitClosedAsync().WaitAsync(TimeSpan.FromSeconds(100));
    });

    private static void Cancel(
        ClientWorld world, Func<Coroutine> request, double seconds = 1, int open = 1)
    {
        LoopTask task = world.Loop.CreateTask(request());
        world.RunFor(seconds);
        Assert.That(task.IsDone, Is.False);
        Assert.That(world.Session.OpenConnections, Is.EqualTo(open));
        task.Cancel();
        world.Settle();
        Assert.That(task.IsCancelled);
        Assert.That(world.Session.OpenConnections, Is.Zero);
    }
}

using System.Net;
using Inspector.Tests.Server;
using Reactor;
using Reactor.Http;
using Reactor.Net;

namespace Browser.Tests;

/// <summary>
/// An inspected loop on which every panel has something to show: a web server with a client, tasks
/// that tick, a far timer, and two tasks in a deadlock. The test's thread.
/// </summary>
internal sealed class BusyLoop : IDisposable
{
    // Its idle connection stays for all tests.
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
    });

    private readonly ManualResetEventSlim _gate = new();
    private volatile string? _serverUrl;

    public BusyLoop()
    {
        World = new InspectedLoop(Begin);
        Assert.That(SpinWait.SpinUntil(() => _serverUrl is not null, InspectedLoop.Hung));
        using (HttpResponseMessage response = _client.Send(new(HttpMethod.Get, _serverUrl)))
        {
            Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        }

        World.WaitForState(state => state["objects"]!.AsArray() is [{ } kind]
            && (int)kind["count"]! == 1);
    }

    public InspectedLoop World { get; }

    public string Url => World.Inspector.Url;

    /// <summary>Lets a callback hold the loop until <see cref="Unblock"/>.</summary>
    public void Block()
    {
        _gate.Reset();
        World.Loop.CallSoonThreadSafe(() => World.Loop.CreateTask(BlockAsync(), "culprit"));
    }

    public void Unblock() => _gate.Set();

    public void Dispose()
    {
        Unblock();
        _client.Dispose();
        World.Dispose();
        _gate.Dispose();
    }

    private void Begin(EventLoop loop)
    {
        var app = new Application();
        app.Get("/", request => Response.Text("hello"));
        LoopServer server = loop.CreateServer(
            app.MakeHandler(new HttpServerOptions
            {
                Times = new HttpServerTimes { KeepAliveTimeout = TimeSpan.FromHours(1) },
            }),
            [new IPEndPoint(IPAddress.Loopback, 0)]);
        _serverUrl = $"http://{server.EndPoints[0]}/";
        loop.CreateTask(Tick(), "ticker");
        loop.CallLater(TimeSpan.FromHours(1), () => { });
        LoopTask? alice = null;
        LoopTask bob = loop.CreateTask(AwaitLater(() => alice!), "bob");
        alice = loop.CreateTask(AwaitLater(() => bob), "alice");
    }

    private async Coroutine BlockAsync()
    {
        await EventLoop.Yield();
        _gate.Wait(InspectedLoop.Hung);
    }

    private static async Coroutine Tick()
    {
        while (true)
        {
            await EventLoop.Delay(TimeSpan.FromMilliseconds(5));
        }
    }

    private static async Coroutine AwaitLater(Func<LoopTask> other)
    {
        await EventLoop.Yield();
        await other();
    }
}

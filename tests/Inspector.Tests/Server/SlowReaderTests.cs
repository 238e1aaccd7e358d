using System.Net;
using System.Net.Sockets;
using System.Text;
using Reactor;
using Reactor.Http;
using Reactor.Inspector;
using Reactor.Net;
using Reactor.Recording;
using Reactor.Simulation;

namespace Inspector.Tests.Server;

/// <summary>
/// Pages that stop reading: they cost the observed server nothing, the other pages are served, and
/// what is held has a bound.
/// </summary>
[TestFixture]
public sealed class SlowReaderTests
{
    private const int Readers = 8;
    private const int ViewsPerReader = 400;
    private const int Requests = 2_000;

    [Test]
    public void Pages_that_stop_reading_cost_the_observed_server_nothing()
    {
        // On the virtual clock a run is the same each time, so a single turn more would show.
        Served alone = Serve(_ => null);
        Assert.That(alone.Answers, Is.EqualTo(Requests));
        Socket[] stalled = [];
        try
        {
            Served watched = Serve(loop =>
            {
                LoopInspectorServer inspector = loop.OpenInspector();
                stalled = Stall(inspector.Port, inspector.Host.Guard.Token);
                return inspector;
            });
            Assert.That(
                stalled.Select(page => page.Available), Has.All.GreaterThan(0),
                "the pages have been answered and do not read");
            Assert.That((watched.Answers, watched.Turns), Is.EqualTo((Requests, alone.Turns)));
            Assert.That(watched.Events, Is.EqualTo(alone.Events), "polls, callbacks, messages");
        }
        finally
        {
            Array.ForEach(stalled, socket => socket.Dispose());
        }
    }

    [Test]
    public void Pages_that_stop_reading_do_not_delay_others_and_hold_bounded_memory()
    {
        using var world = new InspectedLoop(loop => loop.CreateTask(Tick(), "ticker"));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Socket[] stalled = Stall(world.Inspector.Port, world.Inspector.Host.Guard.Token);
        try
        {
            for (int i = 0; i < 20; i++)
            {
                Assert.That(
                    world.Client.Get("/api/live?since=-1").Status, Is.EqualTo(HttpStatusCode.OK));
            }

            // A stalled page holds its unsent responses: each connection has a bound of 64 KiB and
            // one view; all answers together would be many megabytes.
            long held = GC.GetTotalMemory(forceFullCollection: true) - before;
            Assert.That(held, Is.LessThan(Readers * 512 * 1024));
        }
        finally
        {
            Array.ForEach(stalled, socket => socket.Dispose());
        }
    }

    /// <summary>Pages that ask for many views and read none; the first one is there.</summary>
    private static Socket[] Stall(int port, string token)
    {
        byte[] requests = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(
            $"GET /api/live?since=-1&token={token} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n",
            ViewsPerReader)));
        Socket[] stalled = [.. Enumerable.Range(0, Readers).Select(_ => Connect(port))];
        foreach (Socket socket in stalled)
        {
            socket.Send(requests, SocketFlags.None, out _);
        }

        Assert.That(SpinWait.SpinUntil(
            () => stalled.All(page => page.Available > 0), InspectedLoop.Hung));
        return stalled;
    }

    private static Socket Connect(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveBufferSize = 4096,
        };
        socket.Connect(IPAddress.Loopback, port);
        socket.Blocking = false;
        return socket;
    }

    /// <summary>A server on the virtual clock that one client asks again and again.</summary>
    private static Served Serve(Func<EventLoop, IDisposable?> observe)
    {
        using var driver = new InMemoryDriver(new InMemoryOptions { Seed = 1 });
        using var loop = new EventLoop(new EventLoopOptions { Driver = driver });
        var app = new Application();
        app.Get("/", request => Response.Text("hello"));
        LoopServer server = loop.CreateServer(
            app.MakeHandler(), [new IPEndPoint(IPAddress.Loopback, 0)]);
        InMemoryPeer client = driver.ConnectPeer(server.EndPoints[0]);
        var trace = TraceInstrument.Attach(
            loop,
            new TraceOptions { Clock = () => driver.Now.Ticks * TimeSpan.NanosecondsPerTick });
        using IDisposable? observer = observe(loop);
        var events = new List<TraceEvent>();
        LoopTask<int> asked = loop.CreateTask(AskAsync(client), "client");
        int turns = 0;
        for (; !asked.IsDone; turns++)
        {
            loop.RunOnce();
            trace.DrainTo(events);
        }

        trace.Detach();
        return new Served(asked.Result, turns, events);
    }

    private static async Coroutine<int> AskAsync(InMemoryPeer client)
    {
        int answers = 0;
        for (int i = 0; i < Requests; i++)
        {
            client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8);
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
            string text = Encoding.ASCII.GetString(client.TakeReceived());
            answers += text.StartsWith("HTTP/1.1 200", StringComparison.Ordinal) ? 1 : 0;
        }

        return answers;
    }

    private static async Coroutine Tick()
    {
        while (true)
        {
            await EventLoop.Delay(TimeSpan.FromMilliseconds(1));
        }
    }

    private sealed record Served(int Answers, int Turns, IReadOnlyList<TraceEvent> Events);
}

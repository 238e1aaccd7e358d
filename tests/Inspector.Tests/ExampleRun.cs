using System.Net;
using System.Text;
using Reactor;
using Reactor.Http;
using Reactor.Net;
using Reactor.Recording;
using Reactor.Simulation;
using Reactor.Sync;

namespace Inspector.Tests;

/// <summary>
/// The runs of which docs/pictures.md shows pictures: programs on the in-memory driver. The clock
/// of the trace follows the virtual one, and each reading takes two microseconds, so the trace is
/// the same each time.
/// </summary>
internal sealed class ExampleRun
{
    private const long ReadingNanoseconds = 2_000;

    private readonly InMemoryDriver _driver = new(new InMemoryOptions
    {
        Seed = 1,
        Faults = new FaultPlan { DelayMin = Microseconds(20), DelayMax = Microseconds(60) },
    });

    private readonly List<TraceEvent> _events = [];
    private long _spent;

    private ExampleRun()
    {
    }

    /// <summary>A server with four clients.</summary>
    public static LoopTrace Server() => new ExampleRun().Trace(
        static (run, loop) => loop.RunUntilComplete(run.Serve(loop)));

    /// <summary>Tasks that wait for others, two of them for each other.</summary>
    public static LoopTrace Tasks() => new ExampleRun().Trace(static (_, loop) =>
    {
        LoopTask bob = null!;
        LoopTask alice = loop.CreateTask(Ask(() => bob), "alice");
        bob = loop.CreateTask(Ask(() => alice), "bob");
        var gate = new AsyncEvent();
        for (int worker = 1; worker <= 6; worker++)
        {
            loop.CreateTask(Wait(gate), $"worker {worker}");
        }

        LoopTask shop = loop.CreateTask(Open(), "shop");
        loop.RunUntilComplete(Sleep(200));
        shop.Cancel();
        bob.Cancel();
        gate.Set();
        loop.RunUntilComplete(Sleep(200));
    });

    private LoopTrace Trace(Action<ExampleRun, EventLoop> program)
    {
        using var loop = new EventLoop(new EventLoopOptions { Driver = _driver });
        var instrument = TraceInstrument.Attach(
            loop, new TraceOptions { Clock = Time, SlowAfter = Microseconds(150) });
        program(this, loop);
        instrument.Detach();
        instrument.DrainTo(_events);
        return new LoopTrace(
            new TraceInfo { Program = "example", Driver = _driver.Name }, instrument.Names,
            _events);
    }

    private long Time() =>
        (_driver.Now.Ticks * TimeSpan.NanosecondsPerTick) + (_spent += ReadingNanoseconds);

    private async Coroutine Serve(EventLoop loop)
    {
        var app = new Application();
        app.Get("/fast", request =>
        {
            Work(10);
            return Response.Text("fast");
        });
        app.Get("/blocking", request =>
        {
            Work(300);
            return Response.Text("it blocked the loop");
        });
        app.Get("/slow", async Coroutine<Response> (request) =>
        {
            await EventLoop.Delay(Microseconds(300));
            return Response.Text("slow");
        });
        app.Get("/both", async Coroutine<Response> (request) =>
        {
            LoopTask database = loop.CreateTask(Sleep(150), "database");
            LoopTask cache = loop.CreateTask(Sleep(80), "cache");
            await database;
            await cache;
            return Response.Text("both");
        });
        LoopServer server = loop.CreateServer(
            app.MakeHandler(), [new IPEndPoint(IPAddress.Loopback, 0)]);
        _ = loop.CreateTask(Client(server.EndPoints[0], 20, "/fast", "/slow"), "client 1");
        _ = loop.CreateTask(Client(server.EndPoints[0], 60, "/both", "/fast"), "client 2");
        _ = loop.CreateTask(Client(server.EndPoints[0], 90, "/fast", "/blocking"), "client 3");
        _ = loop.CreateTask(Client(server.EndPoints[0], 120, "/slow"), "client 4");
        await Sleep(1_200);
        server.Close();
    }

    private async Coroutine Client(EndPoint server, int begin, params string[] targets)
    {
        await Sleep(begin);
        InMemoryPeer peer = _driver.ConnectPeer(server);
        foreach (string target in targets)
        {
            peer.Send(Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n"));
            await Sleep(450);
        }

        peer.Close();
    }

    // What a handler does without an await.
    private void Work(long microseconds) => _spent += microseconds * 1_000;

    private static async Coroutine Sleep(int microseconds) =>
        await EventLoop.Delay(Microseconds(microseconds));

    private static async Coroutine Ask(Func<LoopTask> other)
    {
        await Sleep(10);
        await other();
    }

    private static async Coroutine Wait(AsyncEvent gate) => await gate.WaitAsync();

    private static async Coroutine Open()
    {
        LoopTask bakery = EventLoop.Current.CreateTask(Bake(), "bakery");
        await bakery;
    }

    private static async Coroutine Bake()
    {
        LoopTask oven = EventLoop.Current.CreateTask(Sleep(10_000), "oven");
        await oven;
    }

    private static TimeSpan Microseconds(double microseconds) =>
        TimeSpan.FromMicroseconds(microseconds);
}

using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// An application served on the in-memory driver: virtual time, raw clients, a count of what the
/// server asks of its sockets, and what it logged.
/// </summary>
/// <remarks>
/// At its end it shuts the server down and checks that nothing is left: no task, no socket, no
/// rented buffer, and no error that the loop reported. So every test that uses it is a test for
/// leaks.
/// </remarks>
internal sealed class ServerFixture : IDisposable
{
    private readonly SimulatedLoop _world;
    private LoopTask? _shutdown;

    public ServerFixture(
        Action<Application>? routes = null,
        HttpServerOptions? options = null,
        InMemoryOptions? network = null,
        ServerOptions? serverOptions = null,
        bool mayReport = false,
        bool logsConnections = false)
    {
        Log.Without = logsConnections ? null : "Reactor.Http.Connections";
        var application = new Application();
        routes?.Invoke(application);
        RecordingDriver? recorder = null;
        _world = new SimulatedLoop(network, inner => recorder = new RecordingDriver(inner))
        {
            MayReport = mayReport,
        };
        Recorder = recorder!;
        options ??= new HttpServerOptions();
        Http = application.MakeHandler(
            options with { Log = options.Log with { LoggerFactory = Log } });
        Server = Loop.CreateServer(Http, [SimulatedLoop.AnyPort], serverOptions);
    }

    /// <summary>For tests in which much time passes and time is not the matter.</summary>
    public static HttpServerOptions Patient { get; } = new()
    {
        Times = new()
        {
            FirstByteTimeout = TimeSpan.MaxValue,
            HeaderTimeout = TimeSpan.MaxValue,
            KeepAliveTimeout = TimeSpan.MaxValue,
            BodyIdleTimeout = TimeSpan.MaxValue,
            SendIdleTimeout = TimeSpan.MaxValue,
            BytesPerSecondMin = 0,
        },
    };

    /// <summary>A shorthand for a request with no more than it needs.</summary>
    public static string Get(string target) => $"GET {target} HTTP/1.1\r\nHost: test\r\n\r\n";

    /// <summary>A request with a body of known length.</summary>
    public static string Post(string target, string body) =>
        $"POST {target} HTTP/1.1\r\nHost: test\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    /// <summary>A request whose body comes in chunks.</summary>
    public static string PostChunked(string target, params string[] chunks) =>
        $"POST {target} HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
        + string.Concat(chunks.Select(chunk => $"{chunk.Length:x}\r\n{chunk}\r\n")) + "0\r\n\r\n";

    public ListLoggerFactory Log { get; } = new();

    public RecordingDriver Recorder { get; }

    public HttpServer Http { get; }

    public LoopServer Server { get; }

    public EventLoop Loop => _world.Loop;

    /// <summary>What the loop reported.</summary>
    public IReadOnlyList<LoopErrorContext> Errors => _world.Errors;

    public InMemoryDriver Driver => _world.Driver;

    /// <summary>Blocks that the connections of this loop hold.</summary>
    public int RentedBlocks => BlockPool.Of(Loop).RentedBlocks;

    /// <summary>Timers of the loop that wait for their moment.</summary>
    public int ArmedTimers => _world.ArmedTimers;

    /// <summary>The tasks that serve connections.</summary>
    public int ConnectionTasks => Loop.AllTasks().Count(task => task.Name == "connection");

    /// <summary>A client; the connection is made when the loop runs next.</summary>
    public HttpPeer Connect() => new(this, Driver.ConnectPeer(Server.EndPoints[0]));

    /// <summary>A client whose connection was accepted.</summary>
    public HttpPeer ConnectNow()
    {
        HttpPeer peer = Connect();
        Settle();
        return peer;
    }

    /// <summary>One request on a connection of its own.</summary>
    public RawAnswer Ask(string request) => Connect().Ask(request);

    /// <summary>
    /// Runs until there is nothing left to do now; a tick of virtual time passes.
    /// </summary>
    public void Settle() => _world.Settle();

    /// <summary>Runs for a virtual while.</summary>
    public void RunFor(double seconds) => _world.RunFor(TimeSpan.FromSeconds(seconds));

    /// <summary>Runs until a moment of the virtual clock.</summary>
    public void RunTo(TimeSpan moment) => _world.RunFor(moment - Driver.Now);

    /// <summary>Runs a coroutine to its end.</summary>
    public void Run(Func<Coroutine> main) => _world.Run(main);

    /// <summary>
    /// Waits until another thread has woken the loop and that has made something true.
    /// </summary>
    public void RunUntil(Func<bool> isTrue)
    {
        while (!isTrue())
        {
            Loop.RunOnce();
            Settle();
        }
    }

    /// <summary>What was logged so far.</summary>
    public IReadOnlyCollection<string> Logged()
    {
        LogQueue.Flush(TimeSpan.FromSeconds(10));
        return Log.Messages;
    }

    /// <summary>The exceptions that were logged so far.</summary>
    public IReadOnlyCollection<Exception> LoggedExceptions()
    {
        _ = Logged();
        return Log.Exceptions;
    }

    /// <summary>Begins to shut down; the task ends when the last connection is closed.</summary>
    public LoopTask BeginShutdown()
    {
        _shutdown ??= Loop.CreateTask(Http.ShutdownAsync(Server));
        return _shutdown;
    }

    public void Dispose()
    {
        Loop.RunUntilComplete(BeginShutdown());
        Settle();
        Assert.That(Loop.AllTasks().Select(task => task.ToString()), Is.Empty, "tasks are left");
        Assert.That(RentedBlocks, Is.Zero, "blocks are left");
        Assert.That(Driver.OpenSockets, Is.Zero, "sockets are left");
        Assert.That(Http.ConnectionCount, Is.Zero, "connections are left");
        BodyBudget budget = Http.Context.BudgetOf(Loop);
        Assert.That(budget.UsedBytes, Is.Zero, "memory of bodies is left");
        Assert.That(budget.Blocks.RentedBlocks, Is.Zero, "native blocks are left");
        _world.Dispose();
    }
}

/// <summary>Short ways to write the handlers of tests.</summary>
internal static class Handlers
{
    /// <summary>A route whose handler has nothing to wait for.</summary>
    public static void On(
        this Application app, string method, string pattern, Func<Request, Response> answer) =>
        app.Router.AddRoute(method, pattern, request => Run(answer, request));

    /// <summary>A GET route whose handler has nothing to wait for.</summary>
    public static void OnGet(
        this Application app, string pattern, Func<Request, Response> answer) =>
        app.On("GET", pattern, answer);

    /// <summary>A GET route that answers with text.</summary>
    public static void OnGet(this Application app, string pattern, string text) =>
        app.OnGet(pattern, _ => Response.Text(text));

    /// <summary>A route that answers with the body of the request.</summary>
    public static void OnEcho(this Application app, string pattern = "/echo") =>
        app.Post(pattern, async request => Response.Bytes(await request.ReadAsync()));

    /// <summary>A handler that works on for some time after its cancellation.</summary>
    public static Handler Outlive(TimeSpan time)
    {
        return Run;

        async Coroutine<Response> Run(Request request)
        {
            try
            {
                await EventLoop.Delay(TimeSpan.FromHours(1));
            }
            catch (LoopCanceledException)
            {
                await EventLoop.Delay(time);
            }

            return Response.Text("late");
        }
    }

#pragma warning disable CS1998 // a handler is a coroutine, also where it has nothing to wait for
    public static async Coroutine<Response> Run(Func<Request, Response> answer, Request request) =>
        answer(request);
#pragma warning restore CS1998
}

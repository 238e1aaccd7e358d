using System.Net;
using Reactor.Net;
using Reactor.Simulation;

namespace Reactor.Http.Testing;

/// <summary>
/// Serves an application in virtual time on a network in memory: the real parser, server and client
/// run on a loop of their own, without a socket. <see cref="Dispose"/> shuts the server down and
/// throws <see cref="TestLeakException"/> if the test left anything behind.
/// </summary>
/// <remarks>
/// <para>
/// A synchronous member runs the loop on the calling thread, and throws if a loop runs there; it
/// names the asynchronous one. Servers of parallel tests share nothing.
/// </para>
/// <para>
/// The clock moves only while the loop runs and nothing is left to do at that moment. Work on an
/// executor holds it; see <see cref="ForeignWaitException"/> for other waits.
/// </para>
/// </remarks>
/// <example><code>
/// TestServer.Run(app, client =>
/// {
///     Assert.That(client.Get("/todos/1").Status, Is.EqualTo(404));
///     client.Advance(TimeSpan.FromMinutes(30));
/// });
/// </code></example>
public sealed partial class TestServer : IDisposable
{
    /// <summary>The port of <c>http:</c> URLs without one.</summary>
    private const int Port = 80;

    private readonly List<TestClient> _clients = [];
    private readonly TestRun _run;
    private readonly LoopServer _listener;
    private bool _isEnded;

    /// <summary>Starts the application, and listens at every address, on port 80.</summary>
    /// <param name="app">The outermost application.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="InvalidOperationException">A loop runs on this thread.</exception>
    public TestServer(Application app, TestServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(app);
        TestRun.ThrowIfLoopRuns(nameof(TestServer), "create it outside of the loop");
        Options = options ?? new TestServerOptions();
        _run = new TestRun(Options);
        try
        {
            HttpServerLog log = Options.Http.Log;
            Server = app.MakeHandler(Options.Http with
            {
                Log = log with { LoggerFactory = log.LoggerFactory ?? _run.Log },
            });
            _run.Run(Server.StartupAsync().Call, "start of the application");
            _listener = Loop.CreateServer(
                Server, [new IPEndPoint(IPAddress.Any, Port)], Options.Listener);
            ILoopTask[] begun = [.. Loop.AllTasks()];
            _run.Watch.FindLasting = () => [.. begun, .. app.Lifetimes.TasksOn(Loop)];
        }
        catch
        {
            _run.Report([]);
            Loop.Close();
            throw;
        }
    }

    /// <summary>The options.</summary>
    public TestServerOptions Options { get; }

    /// <summary>The loop of server and clients.</summary>
    public EventLoop Loop => _run.Loop;

    /// <summary>The network and the virtual clock.</summary>
    public InMemoryDriver Driver => _run.Driver;

    /// <summary>The server of the application.</summary>
    public HttpServer Server { get; }

    /// <summary>The seed; see <see cref="TestServerOptions.Seed"/>.</summary>
    public int Seed => Driver.Seed;

    /// <summary>
    /// Where relative URLs of the clients lead: <c>http://127.0.0.1</c>. Every other host leads to
    /// the server too.
    /// </summary>
    public Uri BaseAddress { get; } = new("http://127.0.0.1");

    /// <summary>Virtual time since the start.</summary>
    public TimeSpan Time => Driver.Now;

    /// <summary>
    /// Warnings and errors that loop and server logged, unless the options have a logger factory.
    /// </summary>
    public IReadOnlyList<string> Log => _run.Log.Lines;

    /// <summary>
    /// Awaits for real time and posts of other threads so far, as text; see
    /// <see cref="ForeignWaitException"/>.
    /// </summary>
    public IReadOnlyList<string> ForeignWaits => _run.Watch.Describe();

    /// <summary>Creates a client with its own connections and cookies.</summary>
    /// <param name="options">
    /// Null for <see cref="TestServerOptions.Client"/>. Without a base address and a resolver it
    /// gets those of the server.
    /// </param>
    public TestClient CreateClient(ClientOptions? options = null)
    {
        ThrowIfEnded();
        options ??= Options.Client;
        var client = new TestClient(this, options with
        {
            BaseAddress = options.BaseAddress ?? BaseAddress,
            ResolveAsync = options.ResolveAsync ?? ResolveAsync,
        });
        _clients.Add(client);
        return client;
    }

    /// <summary>
    /// Lets a virtual time pass: runs everything that is due in it, in order, and what follows from
    /// that at its last moment.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The duration is negative.</exception>
    /// <exception cref="InvalidOperationException">A loop runs on this thread.</exception>
    /// <exception cref="ForeignWaitException">Something waited for real time.</exception>
    public void Advance(TimeSpan duration)
    {
        ThrowIfEnded();
        TestRun.ThrowIfLoopRuns(nameof(Advance), "await AdvanceAsync");
        _run.Run(AdvanceAsync(duration).Call, nameof(Advance));
    }

    /// <summary>
    /// The same in a coroutine of the test. With zero, it waits until nothing is left to do now.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The duration is negative.</exception>
    public Coroutine AdvanceAsync(TimeSpan duration) => _run.AdvanceAsync(duration);

    /// <summary>
    /// Ends the test: shuts the server down in virtual time, as SIGTERM does, and checks that
    /// nothing is left behind. Idempotent.
    /// </summary>
    /// <remarks>
    /// It cannot know whether an exception of the test is on its way, which its own would replace.
    /// The last exception that this thread has thrown is therefore the inner one, and without a
    /// leak <see cref="TestServerOptions.Output"/> gets the log.
    /// <see cref="Run(Application, Action{TestClient}, TestServerOptions)"/> knows.
    /// </remarks>
    /// <exception cref="TestLeakException">Something is left behind.</exception>
    /// <exception cref="ForeignWaitException">
    /// Something waited for real time, and the test has not failed for that before.
    /// </exception>
    /// <exception cref="InvalidOperationException">A loop runs on this thread.</exception>
    public void Dispose()
    {
        if (_isEnded)
        {
            return;
        }

        TestRun.ThrowIfLoopRuns(nameof(Dispose), "return from the loop first");
        End(LastThrown.Take());
    }

    /// <summary>True while it serves a request.</summary>
    internal bool IsServing => Server.Host.Connections.Any(connection => connection.IsServing);

    internal T RunFor<T>(Coroutine<T> coroutine, string name, string asyncName)
    {
        try
        {
            ThrowIfEnded();
            TestRun.ThrowIfLoopRuns(name, $"await {asyncName}");
        }
        catch
        {
            coroutine.Discard();
            throw;
        }

        return _run.Run(coroutine, name);
    }

    private void End(Exception? thrown)
    {
        IReadOnlyList<string> leaks = FindLeaks();
        if (_run.HasFailed)
        {
            return; // what is left follows from that failure, which may be on its way
        }

        _run.ThrowIfChance(thrown);
        if (leaks.Count > 0)
        {
            throw new TestLeakException(_run.Explain(leaks, thrown), leaks, thrown);
        }

        if (thrown is not null && Log.Count > 0)
        {
            _run.Report([]);
        }
    }

    private IReadOnlyList<string> FindLeaks()
    {
        if (_isEnded)
        {
            return [];
        }

        _isEnded = true;
        return new TestEnd(_run, Server, _listener, _clients).Run();
    }

#pragma warning disable CS1998 // there is nothing to wait for
    /// <summary>
    /// Resolves every host to the server, for the sessions of an application that calls a service
    /// which the test mounts beside it: <see cref="ClientOptions.ResolveAsync"/>.
    /// </summary>
    /// <param name="host">The host of a URL.</param>
    public static async Coroutine<IReadOnlyList<IPAddress>> ResolveAsync(string host) =>
        [IPAddress.Loopback];
#pragma warning restore CS1998

    private void ThrowIfEnded() => ObjectDisposedException.ThrowIf(_isEnded, this);
}

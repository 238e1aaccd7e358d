using System.Text;
using Reactor.Http.Tests.Server;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// A client session and what it talks to, on one loop of the in-memory driver: an application, or a
/// peer that a test plays byte by byte.
/// </summary>
/// <remarks>
/// At its end it closes the session and checks that nothing is left: no task, no socket, no memory
/// of a body. So every test that uses it is a test for leaks.
/// </remarks>
internal sealed class ClientWorld : IDisposable
{
    private readonly SimulatedLoop _world;
    private readonly List<LoopServer> _servers = [];

    public ClientWorld(ClientOptions? options = null, InMemoryOptions? network = null)
    {
        _world = new SimulatedLoop(network);
        Session = new ClientSession(options);
    }

    public ClientSession Session { get; }

    public EventLoop Loop => _world.Loop;

    public InMemoryDriver Driver => _world.Driver;

    /// <summary>Serves an application; returns its base URL.</summary>
    public string Serve(Action<Application> routes, HttpServerOptions? options = null)
    {
        var application = new Application();
        routes(application);
        HttpServer http = application.MakeHandler(options ?? ServerFixture.Patient);
        return Listen(http);
    }

    /// <summary>Listens with a peer of the test's own; returns its base URL.</summary>
    public string Serve(Func<Connection, Coroutine> peer) => Listen(new Peer(peer));

    /// <summary>Answers each request, whose head it reads, with the same bytes.</summary>
    /// <param name="response">What it sends; its characters are octets.</param>
    /// <param name="ends">Whether it closes after that.</param>
    public string Answer(string response, bool ends = false) => Serve(async connection =>
    {
        while (await RawPeer.ReadHeadAsync(connection) is not null)
        {
            await RawPeer.SendAsync(connection, response);
            if (ends)
            {
                return;
            }
        }
    });

    /// <summary>Runs a test's coroutine to its end.</summary>
    public void Run(Func<Coroutine> main) => _world.Run(main);

    /// <inheritdoc cref="Run(Func{Coroutine})"/>
    public T Run<T>(Func<Coroutine<T>> main) => Loop.RunUntilComplete(main());

    /// <summary>Runs a request that must fail, and gives its exception.</summary>
    public TError Fail<TError>(Func<Coroutine> main)
        where TError : Exception => Assert.Throws<TError>(() => Run(main))!;

    /// <summary>Sends a request, reads its body, and gives both as text.</summary>
    public string Ask(ClientRequest request) => Run(async () =>
    {
        using ClientResponse response = await Session.SendAsync(request);
        return $"{response.Status} {await response.TextAsync()}";
    });

    /// <inheritdoc cref="Ask(ClientRequest)"/>
    public string Get(string url) => Ask(new ClientRequest("GET", url));

    /// <summary>Runs until nothing is left to do now.</summary>
    public void Settle() => _world.Settle();

    public void RunFor(double seconds) => _world.RunFor(TimeSpan.FromSeconds(seconds));

    public void Dispose()
    {
        Run(Session.CloseAsync);
        foreach (LoopServer server in _servers)
        {
            server.Close();
            server.CloseClients();
        }

        RunFor(1); // peers end what they wait for
        Assert.That(Session.OpenConnections, Is.Zero, "connections are left");
        Assert.That(Loop.AllTasks().Select(task => task.ToString()), Is.Empty, "tasks are left");
        Assert.That(Driver.OpenSockets, Is.Zero, "sockets are left");
        Assert.That(BlockPool.Of(Loop).RentedBlocks, Is.Zero, "blocks are left");
        Assert.That(Session.HeldBodyBytes, Is.Zero, "memory of bodies is left");
        _world.Dispose();
    }

    private string Listen(IConnectionHandler handler)
    {
        LoopServer server = Loop.CreateServer(handler, [SimulatedLoop.AnyPort]);
        _servers.Add(server);
        return $"http://{server.EndPoints[0]}";
    }

    private sealed class Peer(Func<Connection, Coroutine> serve) : IConnectionHandler
    {
        public Coroutine ServeAsync(Connection connection) => serve(connection);
    }
}

/// <summary>The steps of a peer that a test plays.</summary>
internal static class RawPeer
{
    /// <summary>Reads to the end of a request's head; null if there is none.</summary>
    public static async Coroutine<string?> ReadHeadAsync(Connection connection)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await connection.ReadAsync(one) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    /// <summary>Sends octets, each a character, and waits until they are taken.</summary>
    public static async Coroutine SendAsync(Connection connection, string octets)
    {
        await connection.Output.WriteAsync(Encoding.Latin1.GetBytes(octets));
    }
}

/// <summary>A content of a test's own.</summary>
internal sealed class TestContent(
    Func<ClientBodyWriter, Coroutine> write, long? length = null, bool canResend = false)
    : ClientContent
{
    public override long? Length => length;

    public override bool CanResend => canResend;

    /// <summary>A text that is sent with its length.</summary>
    public static TestContent Text(string text) => Bytes(Encoding.UTF8.GetBytes(text));

    /// <summary>Bytes that are sent with their length.</summary>
    public static TestContent Bytes(byte[] bytes) =>
        new(body => body.WriteAsync(bytes), bytes.Length, canResend: true);

    /// <summary>Texts that are sent in chunks.</summary>
    public static TestContent Chunks(params string[] chunks) => new(async body =>
    {
        foreach (string chunk in chunks)
        {
            await body.WriteAsync(Encoding.UTF8.GetBytes(chunk));
        }
    });

    protected internal override Coroutine WriteAsync(ClientBodyWriter body) => write(body);
}

using System.Net;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// A pool on the in-memory driver with three servers, <c>a</c>, <c>b</c> and <c>c</c>, which keep
/// every connection open until the client or the test ends it. Counts what is open apart from the
/// pool's own counts.
/// </summary>
internal sealed class PoolWorld : IDisposable
{
    public static readonly ClientOrigin A = new("a", 80);
    public static readonly ClientOrigin B = new("b", 80);
    public static readonly ClientOrigin C = new("c", 80);

    private static readonly Dictionary<string, IPAddress> s_addresses = new()
    {
        ["a"] = IPAddress.Parse("192.0.2.1"),
        ["b"] = IPAddress.Parse("192.0.2.2"),
        ["c"] = IPAddress.Parse("192.0.2.3"),
    };

    private readonly List<LoopServer> _servers = [];
    private readonly ClientContext _context;

    public PoolWorld(ClientOptions? options = null, FaultPlan? faults = null)
    {
        World = new SimulatedLoop(new InMemoryOptions { Faults = faults ?? FaultPlan.None });
        Options = (options ?? new ClientOptions()) with { ResolveAsync = Resolve };
        _context = new ClientContext(World.Loop, Options, cookies: null);
        Pool = NewPool();
        foreach ((string name, IPAddress address) in s_addresses)
        {
            _servers.Add(World.Loop.CreateServer(
                new Holder(this, name), [new IPEndPoint(address, 80)]));
        }
    }

    public SimulatedLoop World { get; }

    public ClientOptions Options { get; }

    public ClientPool Pool { get; }

    /// <summary>Every connection that the pool has made.</summary>
    public List<ClientConnection> Made { get; } = [];

    /// <summary>The servers' ends of open connections, oldest first.</summary>
    public List<(string Name, Connection End)> Served { get; } = [];

    /// <summary>How long a name takes to resolve.</summary>
    public TimeSpan ResolveTime { get; set; }

    public static bool IsOpen(ClientConnection connection) => !connection.Connection.IsClosed;

    public int OpenTo(ClientOrigin origin) =>
        Made.Count(made => IsOpen(made) && made.Origin == origin);

    /// <summary>Lets everything happen that happens now.</summary>
    public static async Coroutine SettleAsync() => await EventLoop.Delay(TimeSpan.FromTicks(1));

    public static async Coroutine TurnsAsync(int count)
    {
        for (int i = 0; i < count; i++)
        {
            await EventLoop.Yield();
        }
    }

    public ClientPool NewPool() => new(World.Loop, Options, Wrap);

    public LoopTask<ClientConnection> Rent(ClientOrigin origin, bool mustBeNew = false) =>
        World.Loop.CreateTask(Pool.RentAsync(origin, mustBeNew));

    /// <summary>Runs a test, then checks that nothing is left of it.</summary>
    public void Run(Func<Coroutine> test)
    {
        World.Run(async () =>
        {
            await test();
            await SettleAsync();
            Pool.Close();
            foreach (ClientConnection connection in Made)
            {
                Pool.Return(connection);
            }

            await SettleAsync();
        });
        AssertNothingIsLeft();
    }

    public void AssertNothingIsLeft()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Pool.Permits, Is.Zero, "permits");
            Assert.That(Pool.OpenConnections, Is.Zero, "open");
            Assert.That(Pool.IdleConnections, Is.Zero, "idle");
            Assert.That(Pool.WaitingRequests, Is.Zero, "waiting");
            Assert.That(Pool.Origins, Is.Zero, "origins");
            Assert.That(Made.Where(IsOpen), Is.Empty);
            Assert.That(World.ArmedTimers, Is.Zero, "timers");
        });
    }

    public void Dispose()
    {
        foreach (LoopServer server in _servers)
        {
            server.Close();
            server.AbortClients();
        }

        World.RunFor(TimeSpan.FromMinutes(2)); // connects that no request waits for
        Assert.That(World.Driver.OpenSockets, Is.Zero, "sockets");
        World.Dispose();
    }

    private async Coroutine<IReadOnlyList<IPAddress>> Resolve(string host)
    {
        if (ResolveTime > TimeSpan.Zero)
        {
            await EventLoop.Delay(ResolveTime);
        }

        return [s_addresses[host]];
    }

    private ClientConnection Wrap(Connection connection, ClientOrigin origin)
    {
        var made = new ClientConnection(
            connection, origin, _context.Limits, Options.HeadLimits);
        Made.Add(made);
        return made;
    }

    private sealed class Holder(PoolWorld world, string name) : IConnectionHandler
    {
        public async Coroutine ServeAsync(Connection connection)
        {
            world.Served.Add((name, connection));
            await connection.ReadToEndAsync();
            world.Served.Remove((name, connection));
        }
    }
}

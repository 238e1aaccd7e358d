using System.Net;
using System.Net.Sockets;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Testing;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// How a client connects: by both address families, within one time limit, and with errors that
/// name the host and every address that was tried.
/// </summary>
public sealed class ClientConnectorTests
{
    private static readonly IPAddress s_good = IPAddress.Parse("192.0.2.1");
    private static readonly IPAddress s_refusing = IPAddress.Parse("192.0.2.2");
    private static readonly IPAddress s_silent6 = IPAddress.Parse("2001:db8::1");
    private static readonly ClientOrigin s_origin = new("example.com", 8080);

    [Test]
    public void A_silent_IPv6_address_costs_a_quarter_of_a_second()
    {
        using var world = new ConnectorWorld();
        world.Run(async () =>
        {
            Connection connection = await Connect(world, s_silent6, s_good);
            Assert.That(world.Loop.Time, Is.EqualTo(TimeSpan.FromMilliseconds(250)));
            Assert.That(connection.RemoteEndPoint, Is.EqualTo(new IPEndPoint(s_good, 8080)));
            connection.Close();
        });
    }

    [Test]
    public void After_a_refusal_the_next_address_is_tried_at_once()
    {
        using var world = new ConnectorWorld();
        world.Run(async () =>
        {
            (await Connect(world, s_refusing, s_good)).Close();
            Assert.That(world.Loop.Time, Is.EqualTo(TimeSpan.Zero));
        });
    }

    [Test]
    public void If_no_address_answers_the_error_names_the_host_the_port_and_each_of_them()
    {
        using var world = new ConnectorWorld();
        world.Run(async () =>
        {
            ClientConnectException error = await FailAt<ClientConnectException>(
                world, s_refusing, IPAddress.Parse("2001:db8::2"));
            Assert.That(error.Message, Does.StartWith("example.com:8080 cannot be reached ("));
            Assert.That(error.Message, Does.Contain("192.0.2.2:8080: "));
            Assert.That(error.Message, Does.Contain("[2001:db8::2]:8080: "));
            Assert.That(error.Message, Does.Not.Contain("..").And.EndWith("."));
            Assert.That(error.InnerException, Is.InstanceOf<ConnectException>());
        });
    }

    [Test]
    public void A_name_without_an_address_is_an_error_that_says_so([Values] bool isNull)
    {
        using var world = new ConnectorWorld();
        world.Run(async () =>
        {
            ClientConnectException error =
                await FailAt<ClientConnectException>(world, isNull ? null! : []);
            Assert.That(
                error.Message,
                Does.StartWith("example.com:8080 ").And.Contain("its name has no address"));
        });
    }

    [Test]
    public void A_resolver_that_throws_is_the_cause_of_the_error()
    {
        using var world = new ConnectorWorld();
        world.Run(async () =>
        {
            var cause = new SocketException((int)SocketError.HostNotFound);
            ClientConnectException error = await Fail<ClientConnectException>(
                world, new ClientOptions { ResolveAsync = _ => throw cause });
            Assert.That(error.InnerException, Is.SameAs(cause));
            Assert.That(error.Message, Does.Contain("its name was not resolved"));
        });
    }

    [Test]
    public void An_address_is_not_given_to_the_resolver(
        [Values("192.0.2.1", "2001:db8::7")] string host)
    {
        using var world = new ConnectorWorld();
        world.Listen(IPAddress.Parse("2001:db8::7"), 80);
        world.Run(async () =>
        {
            var connector = new ClientConnector(world.Loop, new()
            {
                ResolveAsync = _ => throw new InvalidOperationException("not asked"),
            });
            (await connector.ConnectAsync(new(host, host[0] == '1' ? 8080 : 80))).Close();
        });
    }

    [TestCase(-1)]
    [TestCase(0)]
    public void Resolution_and_attempts_together_have_one_time_limit(int ticksFromLimit)
    {
        TimeSpan delay = TimeSpan.FromSeconds(2);
        using var world = new ConnectorWorld(new FaultPlan { DelayMin = delay, DelayMax = delay });
        world.Run(async () =>
        {
            ClientOptions options = new()
            {
                ConnectTimeout = TimeSpan.FromSeconds(5),
                ResolveAsync = async _ =>
                {
                    await EventLoop.Delay(TimeSpan.FromSeconds(3) + new TimeSpan(ticksFromLimit));
                    return [s_good];
                },
            };
            if (ticksFromLimit < 0)
            {
                (await new ClientConnector(world.Loop, options).ConnectAsync(s_origin)).Close();
                return;
            }

            ClientTimeoutException error = await Fail<ClientTimeoutException>(world, options);
            Assert.That(world.Loop.Time, Is.EqualTo(TimeSpan.FromSeconds(5)));
            Assert.That(error.Phase, Is.EqualTo(ClientPhase.Connect));
            Assert.That(
                error.Message,
                Does.StartWith("example.com:8080 did not answer in 5 s (tried 192.0.2.1)"));
        });
    }

    [Test]
    public void A_slow_resolver_is_named_as_the_reason()
    {
        using var world = new ConnectorWorld();
        world.Run(async () =>
        {
            ClientOptions options = new()
            {
                ConnectTimeout = TimeSpan.FromSeconds(1.5),
                ResolveAsync = async _ =>
                {
                    await EventLoop.Delay(TimeSpan.FromHours(1));
                    return [];
                },
            };
            ClientTimeoutException error = await Fail<ClientTimeoutException>(world, options);
            Assert.That(
                error.Message,
                Does.StartWith("The name of example.com:8080 was not resolved in 1.5 s: "));
        });
    }

    [Test]
    public void The_system_resolves_names_on_an_executor()
    {
        using var world = new ConnectorWorld();
        world.Listen(IPAddress.Loopback, 81);
        world.Listen(IPAddress.IPv6Loopback, 81);
        var executor = new HeldExecutor();
        world.Loop.DefaultExecutor = executor;
        world.Run(async () =>
        {
            var connector = new ClientConnector(world.Loop, new());
            LoopTask<Connection> connecting =
                world.Loop.CreateTask(connector.ConnectAsync(new("localhost", 81)));
            await PoolWorld.TurnsAsync(100);
            Assert.That(connecting.IsDone, Is.False, "only the executor can resolve it");
            executor.Held.Single()();
            (await connecting).Close();
        });
    }

    [Test]
    public void Eight_addresses_of_each_family_are_tried()
    {
        using var world = new ConnectorWorld();
        world.Run(async () =>
        {
            IPAddress[] refusing =
                [.. Enumerable.Range(10, 8).Select(i => IPAddress.Parse($"192.0.2.{i}"))];
            ClientConnectException error = await FailAt<ClientConnectException>(
                world, [.. refusing, s_good]);
            Assert.That(error.Message, Does.Contain("192.0.2.17").And.Not.Contain("192.0.2.1:"));
            (await Connect(world, [.. refusing[1..], s_good])).Close();
            IPAddress[] others =
                [.. Enumerable.Range(10, 20).Select(i => IPAddress.Parse($"2001:db8::{i}"))];
            (await Connect(world, [.. others, s_good])).Close();
        });
    }

    [Test]
    public void A_resolver_that_gives_up_by_itself_is_an_error_and_no_cancellation()
    {
        using var world = new ConnectorWorld();
        world.Run(async () =>
        {
            ClientConnectException error = await Fail<ClientConnectException>(world, new()
            {
                ResolveAsync = static async _ =>
                {
                    await EventLoop.Yield();
                    throw new TaskCanceledException("too late");
                },
            });
            Assert.That(error.Message, Does.Contain("too late"));
        });
    }

    [Test]
    public void Through_a_proxy_only_the_proxy_is_resolved_and_connected_to()
    {
        using var world = new ConnectorWorld();
        world.Run(async () =>
        {
            List<string> asked = [];
            ClientOptions options = new()
            {
                Proxy = new("http://proxy:8080"),
                ResolveAsync = async host =>
                {
                    asked.Add(host);
                    await EventLoop.Yield();
                    return [s_good];
                },
            };
            Connection connection =
                await new ClientConnector(world.Loop, options).ConnectAsync(new("origin", 80));
            Assert.That(connection.RemoteEndPoint, Is.EqualTo(new IPEndPoint(s_good, 8080)));
            Assert.That(asked, Is.EqualTo(["proxy"]));
            connection.Close();

            ClientConnectException error = await Fail<ClientConnectException>(
                world, options with { Proxy = new("http://[2001:db8::9]") });
            Assert.That(
                error.Message, Does.StartWith("The proxy [2001:db8::9]:80 cannot be reached ("));
        });
    }

    private static Coroutine<Connection> Connect(ConnectorWorld world, params IPAddress[] addresses)
        => new ClientConnector(world.Loop, Resolving(addresses)).ConnectAsync(s_origin);

    private static Coroutine<T> FailAt<T>(ConnectorWorld world, params IPAddress[] addresses)
        where T : ClientException => Fail<T>(world, Resolving(addresses));

    private static async Coroutine<T> Fail<T>(ConnectorWorld world, ClientOptions options)
        where T : ClientException
    {
        try
        {
            await new ClientConnector(world.Loop, options).ConnectAsync(s_origin);
        }
        catch (T error)
        {
            return error;
        }

        throw new AssertionException($"a {typeof(T).Name} was expected");
    }

    private static ClientOptions Resolving(IPAddress[] addresses) => new()
    {
        ResolveAsync = async _ =>
        {
            await EventLoop.Yield();
            return addresses;
        },
    };

    /// <summary>Keeps work until the test runs it.</summary>
    private sealed class HeldExecutor : IExecutor
    {
        public List<Action> Held { get; } = [];

        public void Submit(Action work) => Held.Add(work);

        public void Shutdown()
        {
        }
    }

    /// <summary>
    /// A network with a server at one address and silence at two; no socket is left at its end.
    /// </summary>
    private sealed class ConnectorWorld : IConnectionHandler, IDisposable
    {
        private readonly SimulatedLoop _world;
        private readonly List<LoopServer> _servers = [];

        public ConnectorWorld(FaultPlan? faults = null)
        {
            _world = new SimulatedLoop(new InMemoryOptions
            {
                Faults = (faults ?? FaultPlan.None) with { SilentAddresses = [s_silent6] },
            });
            Listen(s_good, 8080);
        }

        public EventLoop Loop => _world.Loop;

        public void Listen(IPAddress address, int port) =>
            _servers.Add(Loop.CreateServer(this, [new IPEndPoint(address, port)]));

        public void Run(Func<Coroutine> test) => _world.Run(test);

        public async Coroutine ServeAsync(Connection connection) =>
            await connection.ReadToEndAsync();

        public void Dispose()
        {
            _world.RunFor(TimeSpan.FromMinutes(2));
            Assert.That(_world.Driver.OpenSockets, Is.Zero, "sockets");
            Assert.That(_world.ArmedTimers, Is.Zero, "timers");
            _servers.ForEach(static server => server.Close());
            _world.Settle();
            _world.Dispose();
        }
    }
}

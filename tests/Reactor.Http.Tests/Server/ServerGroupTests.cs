using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Reactor.Net;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// An application on several loops, on the kernel's sockets: the clients are spread, nothing is
/// shared, and the loops begin and end together.
/// </summary>
[Platform("Linux")]
public sealed class ServerGroupTests(string driver) : ServerGroupFixture(driver)
{
    [Test]
    public void The_clients_are_spread_and_each_loop_has_its_own_application_and_thread()
    {
        var applications = new ConcurrentDictionary<Application, int>();
        var seen = new ConcurrentDictionary<(Application, int Thread, EventLoop), int>();
        using var server = new Running(OptionsOf, 2, () =>
        {
            var app = new Application();
            applications[app] = Environment.CurrentManagedThreadId;
            app.OnGet("/", _ =>
            {
                seen.AddOrUpdate(
                    (app, Environment.CurrentManagedThreadId, EventLoop.Current),
                    1,
                    (_, count) => count + 1);
                return Response.Text("here");
            });
            return app;
        });

        // The kernel picks by a hash of the ports: 64 clients on one loop of two are one in 2^63.
        Socket[] clients = [.. Enumerable.Range(0, 64).Select(_ => server.Connect())];
        for (int i = 0; i < 3; i++)
        {
            foreach (Socket client in clients)
            {
                Assert.That(Ask(client), Does.EndWith("here"));
            }
        }

        Array.ForEach(clients, client => client.Dispose());
        Assert.That(seen, Has.Count.EqualTo(2), "an application stays with its loop and thread");
        Assert.That(seen.Keys.Select(one => one.Item1), Is.EquivalentTo(applications.Keys));
        Assert.That(seen.Keys, Has.All.Matches<(Application App, int Thread, EventLoop)>(
            one => applications[one.App] == one.Thread));
        Assert.That(seen.Values.Sum(), Is.EqualTo(3 * 64));
        Assert.That(seen.Values, Has.All.Matches<int>(count => count % 3 == 0), "clients stay");
    }

    [Test]
    public void Stop_ends_every_loop_in_order()
    {
        var ended = new ConcurrentQueue<string>();
        var waits = new SemaphoreSlim(0);
        using var server = new Running(OptionsOf, 2, () =>
        {
            Application app = Answering("whole");
            app.Get("/slow", async _ =>
            {
                waits.Release();
                await EventLoop.Delay(TimeSpan.FromMilliseconds(200));
                return Response.Text("finished");
            });
            app.OnShutdown.Add(async _ => ended.Enqueue("shutdown"));
            app.OnCleanup.Add(async _ => ended.Enqueue("cleanup"));
            return app;
        });
        Socket[] clients = [.. Enumerable.Range(0, 16).Select(_ => server.Connect())];
        foreach (Socket client in clients)
        {
            client.Send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"u8);
        }

        for (int i = 0; i < clients.Length; i++)
        {
            Assert.That(waits.Wait(Hung));
        }

        server.Group.Stop();
        foreach (Socket client in clients)
        {
            Assert.That(Receive(client), Does.EndWith("finished"));
            client.Dispose();
        }

        server.WaitForEnd();
        Assert.That(ended.Order(), Is.EqualTo(
            new[] { "cleanup", "cleanup", "shutdown", "shutdown" }));
        Assert.Throws<SocketException>(() => server.Connect());
    }

    [Test]
    public void A_background_task_that_crashes_on_one_loop_ends_all_and_Run_throws_its_error()
    {
        var cleaned = new ConcurrentQueue<string?>();
        var group = new ServerGroup(2, () =>
        {
            Application app = Answering("x");
            app.Spawn(
                "work",
                async _ =>
                {
                    await EventLoop.Delay(TimeSpan.FromMilliseconds(10));
                    if (Thread.CurrentThread.Name == "loop-1")
                    {
                        throw new InvalidOperationException("no more work");
                    }

                    await EventLoop.Delay(TimeSpan.FromDays(1));
                },
                CrashPolicy.ShutDown);
            app.OnCleanup.Add(async _ => cleaned.Enqueue(Thread.CurrentThread.Name));
            return app;
        })
        {
            LoopOptions = OptionsOf,
        };
        InvalidOperationException? error = Assert.Throws<InvalidOperationException>(
            () => group.Run("127.0.0.1", 0));

        Assert.That(error!.Message, Is.EqualTo("no more work"));
        Assert.That(cleaned, Has.Count.EqualTo(2));
    }

    [Test]
    public void A_hook_that_fails_on_the_second_loop_ends_both_and_what_was_made_is_given_back()
    {
        int made = 0;
        bool hasServed = false;
        var cleaned = new ConcurrentQueue<int>();
        var group = new ServerGroup(2, () =>
        {
            Application app = Answering("never");
            int number = -1;
            app.OnStartup.Add(async _ =>
            {
                await EventLoop.Yield();
                number = Thread.CurrentThread.Name == "loop-1" ? 1 : 0;
                Interlocked.Increment(ref made);
                if (number == 1)
                {
                    // Only when the first one has started: then there is something to give back.
                    SpinWait.SpinUntil(() => Volatile.Read(ref made) == 2, Hung);
                    throw new InvalidOperationException("no database");
                }
            });
            app.OnCleanup.Add(async _ => cleaned.Enqueue(number));
            return app;
        })
        {
            LoopOptions = OptionsOf,
            OnServing = _ => hasServed = true,
        };
        int port = FreePort();
        InvalidOperationException? error = Assert.Throws<InvalidOperationException>(
            () => group.Run("127.0.0.1", port));

        Assert.That(hasServed, Is.False);
        Assert.That(error!.Message, Is.EqualTo("no database"));
        Assert.That(cleaned, Is.EqualTo(new[] { 0 }));
        AssertFree(port);
    }

    [TestCase(1)]
    [TestCase(2)]
    public void A_port_that_is_taken_is_refused_whether_its_owner_shares_it_or_not(int others)
    {
        using var first = new Running(OptionsOf, others, () => Answering("first"));
        foreach (int loops in new[] { 1, 2 })
        {
            BindException? error = Assert.Throws<BindException>(
                () => new ServerGroup(loops, () => Answering("second"))
                {
                    LoopOptions = OptionsOf,
                }.Run(("127.0.0.1", 0), ("127.0.0.1", first.Port)));
            Assert.That(error!.SocketErrorCode, Is.EqualTo(SocketError.AddressAlreadyInUse));
            Assert.That((error.Host, error.Port), Is.EqualTo(("127.0.0.1", first.Port)));
            Assert.That(error.Message, Does.Contain($"port {first.Port}: "));
        }

        using Socket client = first.Connect();
        Assert.That(Ask(client), Does.EndWith("first"));
    }

    [Test]
    public void An_interface_that_is_not_there_is_named()
    {
        BindException? error = Assert.Throws<BindException>(
            () => new ServerGroup(1, () => Answering("x"))
            {
                LoopOptions = OptionsOf,
            }.Run("fe80::1%no-such-if", 8000));

        Assert.That(error!.Message, Is.EqualTo(
            "Cannot listen on fe80::1%no-such-if, port 8000: This machine has no network interface "
            + "'no-such-if'."));
    }

    [Test]
    public void A_port_that_is_named_is_every_loops_and_each_address_has_one_server_on_each_loop()
    {
        int port = FreePort();
        using var server = new Running(OptionsOf, 2, () => Answering("here"), port, 0);

        Assert.That(server.EndPoints, Has.Count.EqualTo(2));
        Assert.That(((IPEndPoint)server.EndPoints[0]).Port, Is.EqualTo(port));
        Assert.That(((IPEndPoint)server.EndPoints[1]).Port, Is.Not.EqualTo(port).And.Not.Zero);
        Assert.That(server.Listeners(0), Is.EqualTo(2));
        Assert.That(server.Listeners(1), Is.EqualTo(2));
    }

    [Test]
    public void A_loop_that_aborts_ends_the_others_in_order_and_its_error_is_thrown()
    {
        using var server = new Running(OptionsOf, 2, () =>
        {
            Application app = Answering("here");
            app.OnGet("/abort", _ => throw new LoopAbortException("broken"));
            return app;
        });
        using Socket client = server.Connect();
        client.Send("GET /abort HTTP/1.1\r\nHost: x\r\n\r\n"u8);

        LoopAbortException? error = Assert.Throws<LoopAbortException>(server.WaitForEnd);
        Assert.That(error!.Message, Is.EqualTo("broken"));
        AssertFree(server.Port);
    }

    [Test]
    public void Fewer_connections_than_loops_are_refused_with_a_sentence()
    {
        ArgumentOutOfRangeException? error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new ServerGroup(4, NeverMade)
            {
                LoopOptions = OptionsOf,
                ServerOptions = new ServerOptions { ConnectionsMax = 2 },
            }.Run("127.0.0.1", 0));

        Assert.That(error!.Message, Does.StartWith(
            "ConnectionsMax is 2 for a group of 4: each loop needs at least 1, all together 4."));
    }

    [Test]
    public void A_budget_for_bodies_that_is_too_small_for_all_loops_is_refused_not_exceeded()
    {
        var options = new HttpServerOptions { Limits = new() { BodyBufferBytesMax = 128 * 1024 } };
        ArgumentOutOfRangeException? error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new ServerGroup(3, NeverMade, options)
            {
                LoopOptions = OptionsOf,
            }.Run("127.0.0.1", 0));

        Assert.That(error!.Message, Does.StartWith(
            "BodyBufferBytesMax is 131072 for a group of 3: each loop needs at least 65536, all "
            + "together 196608."));
    }

    // What is refused is refused before any hook runs.
    private static Application NeverMade() =>
        throw new AssertionException("The application is made too early.");

    [Test]
    public void Each_of_several_servers_has_its_part_of_the_connections()
    {
        var all = new ServerOptions { ConnectionsMax = 5 };
        Assert.That(all.ShareOf(1, 0), Is.SameAs(all));
        Assert.That(Parts(all, 2), Is.EqualTo(new[] { 3, 2 }));
        Assert.That(Parts(all, 3), Is.EqualTo(new[] { 2, 2, 1 }));
        Assert.That(Parts(all, 5), Is.EqualTo(new[] { 1, 1, 1, 1, 1 }));
        Assert.That(all.ShareOf(2, 1).Listen.ReusePort, Is.True);
        Assert.That(new ServerOptions().ShareOf(2, 1).ConnectionsMax, Is.GreaterThan(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => all.ShareOf(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => all.ShareOf(2, 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => all.ShareOf(2, -1));

        static IEnumerable<int?> Parts(ServerOptions all, int servers) => Enumerable
            .Range(0, servers).Select(index => all.ShareOf(servers, index).ConnectionsMax);
    }

    private static Application Answering(string text)
    {
        var app = new Application();
        app.OnGet("/", text);
        return app;
    }

    private static string Ask(Socket client)
    {
        client.Send("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8);
        return Receive(client);
    }

    private static string Receive(Socket client)
    {
        byte[] buffer = new byte[4096];
        return Encoding.ASCII.GetString(buffer, 0, client.Receive(buffer));
    }

    private static int FreePort()
    {
        using var probe = new Socket(
            AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private static void AssertFree(int port)
    {
        using var probe = new Socket(
            AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
        probe.Listen();
    }

    /// <summary>A group on a thread of its own, until the test ends.</summary>
    private sealed class Running : IDisposable
    {
        private readonly Task _run;
        private readonly ManualResetEventSlim _serves = new();

        public Running(
            Func<int, EventLoopOptions> options, int loops, Func<Application> make,
            params int[] ports)
        {
            Group = new ServerGroup(loops, make)
            {
                LoopOptions = options,
                OnServing = servers =>
                {
                    EndPoints = [.. servers.SelectMany(server => server.EndPoints)];
                    _serves.Set();
                },
            };
            _run = Start(Group, [.. ports.Select(port => ("127.0.0.1", port))]);
            if (WaitHandle.WaitAny([_serves.WaitHandle, EndOf(_run)], Hung) != 0)
            {
                WaitForEnd();
                Assert.Fail("it does not serve");
            }
        }

        public ServerGroup Group { get; }

        public IReadOnlyList<EndPoint> EndPoints { get; private set; } = [];

        public int Port => ((IPEndPoint)EndPoints[0]).Port;

        public Socket Connect()
        {
            var socket = new Socket(
                AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
            {
                ReceiveTimeout = (int)Hung.TotalMilliseconds,
            };
            socket.Connect(EndPoints[0]);
            return socket;
        }

        /// <summary>How many sockets listen on the port of an address.</summary>
        public int Listeners(int address)
        {
            string port = $":{((IPEndPoint)EndPoints[address]).Port:X4} ";
            return File.ReadLines("/proc/net/tcp").Count(line =>
                line.Contains("0100007F" + port, StringComparison.Ordinal)
                && line.Contains("00000000:0000 0A ", StringComparison.Ordinal));
        }

        public void WaitForEnd()
        {
            AssertEnds(_run);
            _run.GetAwaiter().GetResult();
        }

        public void Dispose()
        {
            Group.Stop();
            AssertEnds(_run);
            _serves.Dispose();
        }
    }
}

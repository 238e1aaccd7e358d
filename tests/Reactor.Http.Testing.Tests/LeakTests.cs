using System.Buffers;
using System.Net;
using System.Runtime.CompilerServices;
using Reactor.Net;
using Reactor.Simulation;
using Reactor.Sync;

namespace Reactor.Http.Testing.Tests;

/// <summary>
/// The end of a test server: each kind of leak is planted, and the one exception names it. A test
/// that leaves nothing ends quietly.
/// </summary>
public sealed class LeakTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Test]
    public void Nothing_is_left_of_a_server_that_served()
    {
        var server = new TestServer(Wire.Hello());
        server.Ask("/");
        Assert.That(server.Dispose, Throws.Nothing);
        Assert.That(server.Dispose, Throws.Nothing, "idempotent");
    }

    [Test]
    public void A_task_is_listed_with_its_name_and_its_stack()
    {
        var server = new TestServer(new Application());
        server.Run(async () =>
        {
            EventLoop.Spawn(Forgotten(), "planted");
            await EventLoop.Yield();
        });
        TestLeakException error = LeaksOf(server);
        Assert.That(error.Leaks, Has.Count.EqualTo(1));
        Assert.That(error.Message, Does.Contain("a task that is still alive")
            .And.Contains("'planted'")
            .And.Contains(nameof(Forgotten))
            .And.Contains("LeakTests.cs:")
            .And.Contains("Seed 1, at 00:00:00 of virtual time."));

        static async Coroutine Forgotten() => await EventLoop.Delay(s_hour);
    }

    [TestCase("queue")]
    [TestCase("lock")]
    [TestCase("event")]
    public void A_task_that_waits_for_another_one_is_listed_with_the_line_of_its_wait(string kind)
    {
        var server = new TestServer(new Application());
        server.Run(async () =>
        {
            EventLoop.Spawn(Park(), "planted");
            await EventLoop.Yield();
        });
        TestLeakException error = LeaksOf(server);
        Assert.That(error.Leaks, Has.Count.EqualTo(1));
        Assert.That(error.Message, Does.Contain("'planted'")
            .And.Match(@"Park\S* LeakTests.cs:\d+"));

        async Coroutine Park()
        {
            switch (kind)
            {
                case "queue":
                    await new AsyncQueue<int>().TakeAsync();
                    break;
                case "lock":
                    var gate = new AsyncLock();
                    using (await gate.AcquireAsync())
                    {
                        await gate.AcquireAsync();
                    }

                    break;
                default:
                    await new AsyncEvent().WaitAsync();
                    break;
            }
        }
    }

    [Test]
    public void A_callback_that_is_still_armed_is_no_leak()
    {
        var server = new TestServer(new Application());
        server.Loop.CallLater(s_hour, static () => throw new InvalidOperationException());
        using var source = new CancellationTokenSource(s_hour, server.Loop.TimeProvider);
        server.Advance(s_hour / 2);
        Assert.That(server.Dispose, Throws.Nothing);
    }

    [Test]
    public void A_coroutine_that_was_never_awaited_is_listed_in_debug_mode()
    {
        var server = new TestServer(new Application(), new() { Debug = true });
        server.Run(async () =>
        {
            Coroutine cold = Cold();
            Assert.That($"{cold}", Does.Contain(nameof(Cold)));
            await EventLoop.Yield();
        });
        Assert.That(LeaksOf(server).Message, Does.Contain(nameof(Cold))
            .And.Contains("was never awaited, created at LeakTests.cs:"));

        static async Coroutine Cold() => await EventLoop.Yield();
    }

    [Test]
    public void Memory_for_the_bodies_of_a_client_is_listed()
    {
        var server = new TestServer(Wire.Hello());
        TestClient client = server.CreateClient();
        Assert.That(client.Get("/").Text, Is.EqualTo("hello"));
        ContextOf(client)!.Budget.Blocks.Rent();
        Assert.That(
            LeaksOf(server).Leaks, Is.EqualTo(new[] { "rented blocks of response bodies: 1" }));
    }

    [Test]
    public void A_request_that_was_answered_before_its_content_arrived_is_none_in_progress()
    {
        var app = new Application();
        app.Post("/", static _ => new Response(204));
        var server = new TestServer(app);
        InMemoryPeer peer = server.Driver.ConnectPeer(Wire.Address);
        peer.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nab"u8.ToArray());
        server.Advance(TimeSpan.Zero);
        Assert.That(peer.Text(), Does.StartWith("HTTP/1.1 204 "));
        Assert.That(server.Dispose, Throws.Nothing);
    }

    [Test]
    public void A_connection_and_its_block_are_listed()
    {
        var server = new TestServer(Wire.Hello());
        Connection leaked = server.Run(async () =>
        {
            Connection connection =
                await Connection.OpenAsync(Wire.Address);
            connection.Output.Write<byte>("GET / HTTP/1.1\r\nHost: test\r\n\r\n"u8);
            await connection.Output.FlushAsync();
            await connection.Input.ReadAsync();
            return connection;
        });
        Assert.That(LeaksOf(server).Message, Does.Contain("open connections: 1")
            .And.Contains("rented blocks of connections: 1"));
        Assert.That(leaked.IsClosed, Is.False);
    }

    [Test]
    public void A_listener_is_listed()
    {
        var server = new TestServer(new Application());
        server.Loop.CreateServer(server.Server, [SimulatedAddress]);
        Assert.That(LeaksOf(server).Message, Does.Contain("open listeners: 1"));
    }

    [Test]
    public void A_request_in_progress_is_listed()
    {
        var server = new TestServer(Wire.App("/", static async _ =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            return Response.Text("later");
        }));
        server.Ask("/");
        TestLeakException error = LeaksOf(server);
        Assert.That(
            error.Leaks, Is.EqualTo(new[] { "requests that the server has not answered: 1" }));
    }

    [Test]
    public void An_error_that_the_loop_reported_is_listed()
    {
        var server = new TestServer(new Application());
        server.Loop.CallSoon(static () => throw new InvalidOperationException("planted"));
        server.Advance(TimeSpan.Zero);
        Assert.That(LeaksOf(server).Message, Does.Contain("an error that the loop reported:")
            .And.Contains("planted"));
    }

    [Test]
    public void The_exception_of_a_task_that_nothing_awaited_is_listed()
    {
        var server = new TestServer(new Application());
        server.Run(async () =>
        {
            EventLoop.Spawn(Fail());
            await server.AdvanceAsync(TimeSpan.FromSeconds(1));
        });
        Assert.That(LeaksOf(server).Message, Does.Contain("planted"));

        static async Coroutine Fail()
        {
            await EventLoop.Yield();
            throw new InvalidOperationException("planted");
        }
    }

    [Test]
    public void Work_on_an_executor_that_does_not_end_is_listed()
    {
        using var gate = new ManualResetEventSlim();
        var server = new TestServer(
            new Application(), new() { WorkElsewhereMax = TimeSpan.FromMilliseconds(10) });
        server.Run(async () =>
        {
            _ = EventLoop.ToThread(gate.Wait);
            await EventLoop.Yield();
        });
        Assert.That(
            LeaksOf(server).Leaks,
            Is.EqualTo(new[] { "functions on an executor that have not ended: 1" }));
        gate.Set();
    }

    [Test]
    public void Memory_for_bodies_is_listed()
    {
        var server = new TestServer(new Application());
        server.Server.Context.BudgetOf(server.Loop).Blocks.Rent();
        Assert.That(
            LeaksOf(server).Leaks, Is.EqualTo(new[] { "rented blocks of request bodies: 1" }));
    }

    [Test]
    public void The_shutdown_runs_in_virtual_time_and_ends_contexts_and_background_tasks()
    {
        var order = new List<string>();
        var app = new Application();
        app.CleanupContexts.Add(Context);
        app.Spawn("poller", async _ =>
        {
            try
            {
                await EventLoop.Delay(s_hour);
            }
            finally
            {
                order.Add("background task ends");
            }
        });
        using (new TestServer(app))
        {
            Assert.That(order, Is.EqualTo(new[] { "enters" }));
        }

        Assert.That(order, Is.EqualTo(new[] { "enters", "background task ends", "exits" }));

        async IAsyncEnumerable<Unit> Context(Application one)
        {
            await EventLoop.Delay(s_hour);
            order.Add("enters");
            yield return default;
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            order.Add("exits");
        }
    }

    [Test]
    public void A_start_that_fails_throws_what_it_threw()
    {
        var app = new Application();
        app.OnStartup.Add(static async _ =>
        {
            await EventLoop.Yield();
            throw new InvalidOperationException("no database");
        });
        Assert.That(
            () => new TestServer(app),
            Throws.InvalidOperationException.With.Message.EqualTo("no database"));
    }

    [Test]
    public void What_the_server_logged_is_in_the_message()
    {
        var server = new TestServer(Wire.App("/", static async _ =>
        {
            await EventLoop.Yield();
            throw new InvalidOperationException("broken handler");
        }));
        Assert.That(server.Ask("/").Text(), Does.StartWith("HTTP/1.1 500 "));
        server.Loop.CreateServer(server.Server, [SimulatedAddress]);
        Assert.That(LeaksOf(server).Message, Does.Contain("The server logged:")
            .And.Contains("broken handler"));
        Assert.That(server.Log, Has.Count.EqualTo(1));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_context")]
    private static extern ref ClientContext? ContextOf(ClientSession session);

    private static IPEndPoint SimulatedAddress => new(IPAddress.Loopback, 81);

    private static TestLeakException LeaksOf(TestServer server) =>
        Assert.Throws<TestLeakException>(server.Dispose)!;
}

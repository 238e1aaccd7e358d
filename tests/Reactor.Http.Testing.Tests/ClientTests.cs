namespace Reactor.Http.Testing.Tests;

/// <summary>
/// The client of a test server: synchronous and asynchronous requests, hosts, faults, and the
/// surroundings that a test framework has.
/// </summary>
public sealed class ClientTests
{
    [Test]
    public void A_request_and_its_response_are_plain_synchronous_code()
    {
        using var server = new TestServer(Wire.Hello());
        TestClient client = server.CreateClient();

        TestResponse response = client.Get("/");

        Assert.That(response.Status, Is.EqualTo(200));
        Assert.That(response.Text, Is.EqualTo("hello"));
        Assert.That(response.ContentType, Does.StartWith("text/plain"));
        Assert.That(response.Headers["Date"], Is.EqualTo("Sat, 01 Jan 2000 00:00:00 GMT"));
        Assert.That(response.ToString(), Does.StartWith("200 OK").And.EndsWith("hello"));
        Assert.That(client.Get("/todos/1").Status, Is.EqualTo(404));
        Assert.That(client.IdleConnections, Is.EqualTo(1), "one connection serves both");
    }

    [Test]
    public void A_coroutine_uses_the_client_as_a_program_does()
    {
        TestServer.Run(Wire.Hello(), async client =>
        {
            using ClientResponse response = await client.GetAsync("/");
            Assert.That(await response.TextAsync(), Is.EqualTo("hello"));
            await client.AdvanceAsync(TimeSpan.FromMinutes(30));
            Assert.That(client.Server.Time, Is.EqualTo(TimeSpan.FromMinutes(30)));
        });
    }

    [Test]
    public void JSON_of_any_structure_is_read()
    {
        using var server = new TestServer(Wire.App("/", static async _ =>
        {
            await EventLoop.Yield();
            return Response.Text("{\"id\":7}");
        }));
        TestResponse response = server.CreateClient().Get("/");
        Assert.That(response.Json().GetProperty("id").GetInt32(), Is.EqualTo(7));
    }

    [Test]
    public void Every_host_leads_to_the_server_so_that_routes_by_host_can_be_tested()
    {
        var app = new Application();
        app.Host("shop.test").Get("/", static async _ =>
        {
            await EventLoop.Yield();
            return Response.Text("shop");
        });
        using var server = new TestServer(app);
        TestClient client = server.CreateClient();
        Assert.That(client.Get("http://shop.test/").Text, Is.EqualTo("shop"));
        Assert.That(client.Get("http://10.1.2.3/").Status, Is.EqualTo(404));
        Assert.That(client.Get("http://[::1]/").Status, Is.EqualTo(404));
    }

    [Test]
    public void A_synchronous_member_on_the_loop_names_the_asynchronous_one()
    {
        using var server = new TestServer(Wire.Hello());
        TestClient client = server.CreateClient();
        server.Run(async () =>
        {
            await EventLoop.Yield();
            AssertNames(() => client.Get("/"), "await GetAsync");
            AssertNames(() => client.Advance(default), "await AdvanceAsync");
            AssertNames(() => server.Run(static async () => await EventLoop.Yield()), "await");
            AssertNames(server.Dispose, "return from the loop");
            AssertNames(() => _ = new TestServer(new Application()), "outside of the loop");
        });

        static void AssertNames(Action call, string remedy) => Assert.That(
            () => call(), Throws.InvalidOperationException.With.Message.Contains(remedy));
    }

    [Test]
    public void A_server_that_has_ended_says_so()
    {
        var server = new TestServer(Wire.Hello());
        TestClient client = server.CreateClient();
        server.Dispose();
        Assert.That(() => client.Get("/"), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => server.Advance(default), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => server.CreateClient(), Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public void Requests_succeed_under_delays_splits_and_short_sends()
    {
        for (int seed = 1; seed <= 50; seed++)
        {
            using var server = new TestServer(
                Wire.Hello(),
                new TestServerOptions { Seed = seed, Faults = Simulation.FaultPlan.Rough });
            Assert.That(server.CreateClient().Get("/").Text, Is.EqualTo("hello"), $"seed {seed}");
        }
    }

    [Test]
    public void A_failure_of_the_handler_is_in_the_log_of_the_server()
    {
        using var server = new TestServer(Wire.App("/", static async _ =>
        {
            await EventLoop.Yield();
            throw new InvalidOperationException("broken handler");
        }));
        Assert.That(server.CreateClient().Get("/").Status, Is.EqualTo(500));
        Assert.That(server.Log, Has.Exactly(1).Contains("broken handler"));
    }

    [Test]
    public void Blocking_work_on_an_executor_is_no_wait_for_real_time()
    {
        using var server = new TestServer(Wire.App("/", static async _ =>
            Response.Text(await EventLoop.ToThread(static () => "from a thread"))));
        Assert.That(server.CreateClient().Get("/").Text, Is.EqualTo("from a thread"));
        Assert.That(server.ForeignWaits, Is.Empty);
    }

    [Test]
    public void A_handler_that_waits_for_real_time_fails_the_test_and_is_named()
    {
        using var server = new TestServer(Wire.App("/", SlowHandler));
        ForeignWaitException error = Assert.Throws<ForeignWaitException>(
            () => server.CreateClient().Get("/"))!;
        Assert.That(error.Message, Does.Contain(nameof(SlowHandler))
            .And.Contains("'connection'").And.Contains("ClientTests.cs:"));

        static async Coroutine<Response> SlowHandler(Request request)
        {
            await Task.Delay(TimeSpan.FromMinutes(1));
            return Response.Text("late");
        }
    }

    [Test]
    public void The_context_of_a_test_framework_is_neither_used_nor_lost()
    {
        var context = new RefusingContext();
        SynchronizationContext? before = SynchronizationContext.Current;
        var local = new AsyncLocal<string> { Value = "of the test" };
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            TestServer.Run(
                Wire.App("/", async _ => Response.Text(await Plain())),
                async client =>
                {
                    using ClientResponse response = await client.GetAsync("/");
                    Assert.That(await response.TextAsync(), Is.EqualTo("of the test"));
                    local.Value = "changed in the loop";
                });
            Assert.That(SynchronizationContext.Current, Is.SameAs(context));
            Assert.That(local.Value, Is.EqualTo("of the test"));
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        async Task<string> Plain()
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            return local.Value!;
        }
    }

    [Test]
    public void Servers_on_several_threads_at_once_share_nothing()
    {
        Thread[] threads = [.. Enumerable.Range(0, 4).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < 20; i++)
            {
                using var server = new TestServer(Wire.Hello());
                server.CreateClient().Get("/");
                server.Advance(TimeSpan.FromSeconds(80));
            }
        }))];
        Assert.That(
            () =>
            {
                Array.ForEach(threads, thread => thread.Start());
                Array.ForEach(threads, thread => thread.Join());
            },
            Throws.Nothing);
    }

    private sealed class RefusingContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) =>
            throw new InvalidOperationException("The loop has its own context.");

        public override void Send(SendOrPostCallback d, object? state) => Post(d, state);
    }
}

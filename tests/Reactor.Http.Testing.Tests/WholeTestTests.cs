namespace Reactor.Http.Testing.Tests;

/// <summary>
/// A whole test in one call: as a synchronous method, as a coroutine and as a plain async method.
/// None of them loses the failure of the test itself.
/// </summary>
public sealed class WholeTestTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    [Test]
    public void A_synchronous_test_uses_the_synchronous_members()
    {
        TimeSpan time = default;
        TestServer.Run(Wire.Hello(), client =>
        {
            Assert.That(client.Get("/").Text, Is.EqualTo("hello"));
            client.Advance(s_hour);
            Assert.That(client.Server.Run(() => Ask(client)), Is.EqualTo("hello"));
            time = client.Server.Time;
        });
        Assert.That(time, Is.EqualTo(s_hour));
    }

    [Test]
    public void A_synchronous_test_that_leaves_something_behind_fails()
    {
        TestLeakException error = Assert.Throws<TestLeakException>(
            () => TestServer.Run(Wire.Hello(), Leave))!;
        Assert.That(error.Leaks, Has.Count.EqualTo(1));
        Assert.That(error.Leaks[0], Does.StartWith("a response that was neither read"));
        Assert.That(error.InnerException, Is.Null);
    }

    [Test]
    public void Its_own_failure_is_the_one_that_is_thrown_and_what_is_left_is_written()
    {
        var planted = new InvalidOperationException("planted");
        string text = "";
        Exception? thrown = Assert.Throws<InvalidOperationException>(
            () => TestServer.Run(
                Wire.Hello(),
                client =>
                {
                    Leave(client);
                    throw planted;
                },
                new TestServerOptions { Output = written => text += written }));
        Assert.That(thrown, Is.SameAs(planted));
        Assert.That(text, Does.Contain("neither read to its end"));
    }

    [Test]
    public void A_using_that_finds_a_leak_keeps_the_exception_on_its_way_as_the_inner_one()
    {
        var planted = new InvalidOperationException("planted");
        TestLeakException error = Assert.Throws<TestLeakException>(() =>
        {
            using var server = new TestServer(Wire.Hello());
            Leave(server.CreateClient());
            throw planted;
        })!;
        Assert.That(error.InnerException, Is.SameAs(planted));
        Assert.That(error.Message, Does.Contain("If the test did not catch it, it is the failure")
            .And.Contains("planted"));
    }

    [Test]
    public void An_exception_before_the_last_successful_use_of_the_kit_is_not_the_failure()
    {
        var server = new TestServer(Wire.Hello());
        Assert.Throws<FormatException>(static () => throw new FormatException());
        Leave(server.CreateClient());
        TestLeakException error = Assert.Throws<TestLeakException>(server.Dispose)!;
        Assert.That(error.InnerException, Is.Null);
    }

    [Test]
    public void A_coroutine_may_return_a_result_so_that_a_single_call_needs_no_lambda()
    {
        Assert.That(TestServer.Run(Wire.Hello(), Ask), Is.EqualTo("hello"));
        Assert.That(
            TestServer.Run(Wire.Hello(), client => client.GetAsync("/").Status()),
            Is.EqualTo(200));
    }

    [Test]
    public void An_async_lambda_is_a_coroutine_and_no_async_void_method()
    {
        bool isTask = false;
        TestServer.Run(Wire.Hello(), async client =>
        {
            await client.AdvanceAsync(s_hour);
            isTask = CoroutineScheduler.Current?.RunningStep is not null;
        });
        Assert.That(isTask, "it has run to its end, in a task of the loop");
        Assert.That(TestServer.Run(new Application(), async _ => await Seven()), Is.EqualTo(7));

        static async Coroutine<int> Seven()
        {
            await EventLoop.Yield();
            return 7;
        }
    }

    [Test]
    public void A_plain_async_method_runs_on_the_loop_and_each_await_returns_there()
    {
        int thread = Environment.CurrentManagedThreadId;
        var threads = new List<int>();
        TestServer.Run(Wire.Hello(), PlainAsync);
        using var server = new TestServer(Wire.Hello());
        TestClient own = server.CreateClient();
        server.Run(() => PlainAsync(own));
        Assert.That(server.Run(() => PlainTextAsync(own)), Is.EqualTo("hello"));
        Assert.That(TestServer.Run(Wire.Hello(), PlainTextAsync), Is.EqualTo("hello"));
        Assert.That(threads, Has.Count.EqualTo(8).And.All.EqualTo(thread));

        async Task PlainAsync(TestClient client)
        {
            threads.Add(Environment.CurrentManagedThreadId);
            await client.AdvanceAsync(s_hour);
            threads.Add(Environment.CurrentManagedThreadId);
            Assert.That(await PlainTextAsync(client), Is.EqualTo("hello"));
            threads.Add(Environment.CurrentManagedThreadId);
            await Task.Yield();
            threads.Add(Environment.CurrentManagedThreadId);
        }
    }

    [Test]
    public void The_exception_of_a_plain_async_method_is_thrown_as_it_is()
    {
        Assert.That(
            () => TestServer.Run(new Application(), FailAsync),
            Throws.InstanceOf<FormatException>());

        static async Task FailAsync(TestClient client)
        {
            await client.AdvanceAsync(s_hour);
            throw new FormatException();
        }
    }

    [Test]
    public void A_plain_async_scenario_is_searched_and_repeated()
    {
        ChaosException error = Assert.Throws<ChaosException>(
            () => ChaosSearch.Run(Wire.Hello, FailAsync))!;
        Assert.That(error.Faults, Is.Empty);
        Assert.That(
            () => ChaosSearch.Replay(error.Recipe, Wire.Hello, FailAsync),
            Throws.InstanceOf<FormatException>());

        static async Task FailAsync(TestClient client)
        {
            await EventLoop.Yield();
            throw new FormatException();
        }
    }

    private static void Leave(TestClient client) =>
        client.Server.Run(async () => await client.GetAsync("/"));

    private static async Coroutine<string> Ask(TestClient client)
    {
        using ClientResponse response = await client.GetAsync("/");
        return await response.TextAsync();
    }

    private static async Task<string> PlainTextAsync(TestClient client)
    {
        using ClientResponse response = await client.GetAsync("/");
        return await response.TextAsync();
    }
}

/// <summary>What a test may write for itself.</summary>
internal static class TestCalls
{
    public static async Coroutine<int> Status(this Coroutine<ClientResponse> call)
    {
        using ClientResponse response = await call;
        return response.Status;
    }
}

namespace Reactor.Http.Testing.Tests;

/// <summary>
/// What a failing test tells besides its exception: the log of the server and what is left, once,
/// to the output of the options; and nothing if the test passes or the exception says it.
/// </summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OutputTests
{
    private readonly List<string> _output = [];

    private TestServerOptions Options => new() { Seed = 9, Output = _output.Add };

    [Test]
    public void A_failed_assertion_comes_with_the_exception_of_the_handler()
    {
        Assert.That(
            () => TestServer.Run(Broken(), static client => Expect200(client), Options),
            Throws.InvalidOperationException.With.Message.EqualTo("500"));
        Assert.That(_output, Has.Count.EqualTo(1));
        Assert.That(_output[0], Does.StartWith("Seed 9, at 00:00:00 of virtual time.")
            .And.Contains("The server logged:").And.Contains("boom")
            .And.Contains($"{nameof(OutputTests)}.cs:line"));
    }

    [Test]
    public void So_it_does_on_its_way_through_a_using()
    {
        Assert.That(
            () =>
            {
                using var server = new TestServer(Broken(), Options);
                Expect200(server.CreateClient());
            },
            Throws.InvalidOperationException.With.Message.EqualTo("500"));
        Assert.That(_output, Has.Count.EqualTo(1).And.All.Contains("boom"));
    }

    [Test]
    public void What_a_failed_test_has_left_is_in_it()
    {
        Assert.That(
            () => TestServer.Run(
                Wire.Hello(),
                static async client =>
                {
                    await client.GetAsync("/");
                    throw new FormatException();
                },
                Options),
            Throws.TypeOf<FormatException>());
        Assert.That(_output, Has.Count.EqualTo(1).And.All.Contains("200 of GET http://127.0.0.1/"));
    }

    [Test]
    public void An_exception_of_the_kit_says_it_itself()
    {
        Assert.That(
            () => TestServer.Run(
                Broken(),
                static async client =>
                {
                    await client.GetAsync("/");
                },
                Options),
            Throws.TypeOf<TestLeakException>().With.Message.Contains("boom"));
        Assert.That(
            () => TestServer.Run(
                Broken(),
                static async client =>
                {
                    await client.GetAsync("/");
                    await Task.Delay(1);
                },
                Options),
            Throws.TypeOf<ForeignWaitException>().With.Message.Contains("boom"));
        Assert.That(_output, Is.Empty);
    }

    [Test]
    public void A_test_that_passes_writes_nothing()
    {
        TestServer.Run(Broken(), static client => client.Get("/"), Options);
        using (var server = new TestServer(Broken(), Options))
        {
            server.CreateClient().Get("/");
        }

        Assert.That(_output, Is.Empty);
    }

    [Test]
    public void A_start_that_fails_comes_with_seed_and_log()
    {
        Application app = Broken();
        app.OnStartup.Add(static async _ =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            throw new FormatException();
        });
        Assert.That(() => new TestServer(app, Options), Throws.TypeOf<FormatException>());
        Assert.That(
            _output, Is.EqualTo(new[] { "Seed 9, at 00:00:01 of virtual time." }));
    }

    [Test]
    public void A_search_has_the_log_of_the_last_run_in_its_message_and_writes_nothing()
    {
        var options = new ChaosOptions { Kinds = ChaosFaults.None, Server = Options };
        ChaosException found = Assert.Throws<ChaosException>(
            () => ChaosSearch.Run(Broken, Expect200Async, options))!;
        Assert.That(found.Message, Does.Contain("The server logged:").And.Contains("boom"));
        Assert.That(_output, Is.Empty);

        Assert.That(
            () => ChaosSearch.Replay(found.Recipe, Broken, Expect200Async, options),
            Throws.InvalidOperationException);
        Assert.That(_output, Has.Count.EqualTo(1).And.All.Contains("boom"));
    }

    private static Application Broken() => Wire.App("/", static async _ =>
    {
        await EventLoop.Yield();
        throw new InvalidOperationException("boom");
    });

    private static void Expect200(TestClient client)
    {
        if (client.Get("/") is { Status: not 200 and var status })
        {
            throw new InvalidOperationException($"{status}");
        }
    }

    private static async Coroutine Expect200Async(TestClient client)
    {
        using ClientResponse response = await client.GetAsync("/");
        if (response.Status != 200)
        {
            throw new InvalidOperationException($"{response.Status}");
        }
    }
}

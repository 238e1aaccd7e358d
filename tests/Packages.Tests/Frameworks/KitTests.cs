// Tests of a user of the test kit, the same for each framework, whose own file has the attributes
// and the assertion. Those of the second half fail, and their messages are looked at.

using Reactor;
using Reactor.Http;
using Reactor.Http.Testing;

public sealed partial class KitTests
{
    private static readonly TimeSpan s_hour = TimeSpan.FromHours(1);

    private static Application Hello()
    {
        var app = new Application();
        app.Get("/", static request => Response.Text("hello"));
        return app;
    }

    [Test]
    public void Passes_a_synchronous_test() => TestServer.Run(Hello(), client =>
    {
        client.Advance(s_hour);
        Check.Equal("hello", client.Get("/").Text);
    });

    [Test]
    public void Passes_a_coroutine() => TestServer.Run(Hello(), async client =>
    {
        await client.AdvanceAsync(s_hour);
        using ClientResponse response = await client.GetAsync("/");
        Check.Equal("hello", await response.TextAsync());
    });

    [Test]
    public void Passes_a_plain_async_method() => TestServer.Run(Hello(), AskAsync);

    [Test]
    public async Task Passes_an_async_test_that_uses_the_kit_after_its_own_awaits()
    {
        await ElsewhereAsync();
        TestServer.Run(Hello(), client => Check.Equal("hello", client.Get("/").Text));
        await Task.Yield();
        TestServer.Run(Hello(), AskAsync);
        using var server = new TestServer(Hello());
        TestClient shared = server.CreateClient();
        Check.Equal("hello", shared.Get("/").Text);
        await ElsewhereAsync();
        server.Advance(s_hour);
        Check.Equal("hello", shared.Get("/").Text);
        await ElsewhereAsync();
    }

    [Test]
    public void Fails_by_a_leak() =>
        TestServer.Run(Hello(), static async client => await client.GetAsync("/"));

    [Test]
    public void Fails_by_a_wait_for_real_time() =>
        TestServer.Run(Hello(), static async _ => await Task.Delay(10));

    [Test]
    public void Fails_by_an_assertion() =>
        TestServer.Run(Hello(), static client => Check.Equal("bye", client.Get("/").Text));

    [Test]
    public void Fails_by_an_assertion_because_the_handler_has_failed()
    {
        var app = new Application();
        app.Get("/", static Response (_) => throw new FormatException("boom"));
        TestServer.Run(app, static client => Check.Equal(200, client.Get("/").Status), Options);
    }

    [Test]
    public void Fails_by_an_assertion_in_a_coroutine_that_leaks_too() =>
        TestServer.Run(Hello(), static async client =>
        {
            ClientResponse response = await client.GetAsync("/");
            Check.Equal(404, response.Status);
        });

    [Test]
    public void Fails_by_a_leak_on_the_way_of_an_assertion()
    {
        using var server = new TestServer(Hello());
        TestClient client = server.CreateClient();
        ClientResponse response = server.Run(() => client.GetAsync("/"));
        Check.Equal(404, response.Status);
    }

    [Test]
    public void Fails_by_a_search() => ChaosSearch.Run(
        Hello,
        static async client => Check.Equal("bye", await AskAsync(client)),
        new ChaosOptions { FirstSeed = 7 });

    // Without a context of the framework, the test goes on in another thread.
    private static async Task ElsewhereAsync() => await Task.Delay(1).ConfigureAwait(false);

    private static async Task<string> AskAsync(TestClient client)
    {
        using ClientResponse response = await client.GetAsync("/");
        return await response.TextAsync();
    }
}

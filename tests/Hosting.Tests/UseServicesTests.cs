using Microsoft.Extensions.DependencyInjection;
using Reactor;
using Reactor.Hosting;
using Reactor.Http;
using Reactor.Http.Testing;

namespace Hosting.Tests;

/// <summary>
/// An application with services but without a host runs in virtual time, as tests of it do.
/// </summary>
public sealed class UseServicesTests
{
    private sealed class Visit(List<string> log) : IDisposable
    {
        public string Name { get; } = $"visit {log.Count(static line => line == "made") + 1}";

        public void Dispose() => log.Add("disposed");
    }

    [Test]
    public void Each_request_has_a_scope_of_its_own_that_ends_with_it()
    {
        var log = new List<string>();
        using ServiceProvider services = new ServiceCollection()
            .AddScoped(_ =>
            {
                var visit = new Visit(log);
                log.Add("made");
                return visit;
            })
            .BuildServiceProvider();
        var app = new Application();
        app.UseServices(services);
        app.Get("/", async Coroutine<Response> (request) =>
        {
            var first = request.GetServices().GetRequiredService<Visit>();
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            var second = request.GetServices().GetRequiredService<Visit>();
            return Response.Text($"{first.Name} {ReferenceEquals(first, second)}");
        });
        app.Get("/nothing", _ => Response.Text("no service"));

        TestServer.Run(app, client =>
        {
            // More than two: the container compiles a service in the background then.
            for (int i = 1; i <= 4; i++)
            {
                Assert.That(client.Get("/").Text, Is.EqualTo($"visit {i} True"));
            }

            client.Get("/nothing");
        });
        Assert.That(log, Is.EqualTo(Enumerable.Repeat(new[] { "made", "disposed" }, 4)
            .SelectMany(static one => one)));
    }

    [Test]
    public void A_client_session_among_the_services_is_closed_on_the_loop_and_then_disposed_of()
    {
        using ServiceProvider services = new ServiceCollection()
            .AddSingleton(_ => new ClientSession(
                new ClientOptions { ResolveAsync = TestServer.ResolveAsync }))
            .BuildServiceProvider();
        var session = services.GetRequiredService<ClientSession>();
        var app = new Application().UseServices(services);
        app.Get("/stock", _ => Response.Text("7"));
        app.Get("/", async Coroutine<Response> (_) =>
        {
            using ClientResponse stock = await session.GetAsync("http://stock.test/stock");
            return Response.Text(await stock.TextAsync());
        });
        app.OnCleanup.Add(async _ => await session.CloseAsync());

        TestServer.Run(app, client => Assert.That(client.Get("/").Text, Is.EqualTo("7")));
    }

    [Test]
    public void Without_it_the_error_names_both_ways_to_have_services()
    {
        string message = "";
        var app = new Application();
        app.Get("/", request =>
        {
            message = Assert.Throws<InvalidOperationException>(() => request.GetServices())!
                .Message;
            return Response.Text("none");
        });
        TestServer.Run(app, client => client.Get("/"));

        Assert.That(message, Does.Contain("AddReactorServer").And.Contain("UseServices"));
    }

    [Test]
    public void A_second_call_is_refused_and_names_AddReactorServer()
    {
        using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        Application app = new Application().UseServices(services);

        Assert.That(
            () => app.UseServices(services),
            Throws.InvalidOperationException.With.Message.Contains("AddReactorServer"));
    }

    [Test]
    public void A_served_application_gets_no_services_any_more()
    {
        using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        var app = new Application();
        TestServer.Run(app, client => client.Get("/"));

        Assert.That(() => app.UseServices(services), Throws.InvalidOperationException);
    }
}

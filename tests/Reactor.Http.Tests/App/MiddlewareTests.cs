using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.App;

/// <summary>What runs around handlers and around generated responses, and in which order.</summary>
public sealed class MiddlewareTests
{
    private readonly List<string> _order = [];

    [SetUp]
    public void Clear() => _order.Clear();

    [Test]
    public void Those_of_the_application_run_around_those_of_the_group_and_of_the_route()
    {
        using var server = new ServerFixture(app =>
        {
            app.Use(Note("application 1")).Use(Note("application 2"));
            Application group = app.Group("/api").Use(Note("group"));
            group.Get("/x", Answer).Use(Note("route 1")).Use(Note("route 2"));
        });

        Assert.That(server.Ask(Get("/api/x")).Text, Is.EqualTo("handler"));
        Assert.That(_order, Is.EqualTo(new[]
        {
            "application 1 in", "application 2 in", "group in", "route 1 in", "route 2 in",
            "handler",
            "route 2 out", "route 1 out", "group out", "application 2 out", "application 1 out",
        }));
    }

    [Test]
    public void Those_of_a_group_do_not_run_around_its_siblings()
    {
        using var server = new ServerFixture(app =>
        {
            app.Group("/a").Use(Note("a")).Get("/x", Answer);
            app.Group("/b").Use(Note("b")).Get("/x", Answer);
            app.Get("/x", Answer).Use(Note("route"));
            app.Get("/y", Answer);
        });
        server.Ask(Get("/b/x"));
        server.Ask(Get("/y"));

        Assert.That(_order, Is.EqualTo(new[] { "b in", "handler", "b out", "handler" }));
    }

    [Test]
    public void One_that_does_not_call_the_next_answers_itself()
    {
        using var server = new ServerFixture(app =>
        {
            app.Use(Note("outer"));
            app.Use(async (request, next) => request.Path == "/closed"
                ? new Response(403)
                : await next(request));
            app.Use(Note("inner"));
            app.Get("/closed", Answer);
        });

        Assert.That(server.Ask(Get("/closed")).Status, Is.EqualTo(403));
        Assert.That(_order, Is.EqualTo(new[] { "outer in", "outer out" }));
    }

    [Test]
    public void One_can_turn_an_exception_of_the_handler_into_a_response()
    {
        using var server = new ServerFixture(app =>
        {
            app.Use(async (request, next) =>
            {
                try
                {
                    return await next(request);
                }
                catch (TimeoutException)
                {
                    return new Response(504);
                }
            });
            app.OnGet("/", _ => throw new TimeoutException());
        });

        Assert.That(server.Ask(Get("/")).Status, Is.EqualTo(504));
        Assert.That(server.Logged(), Is.Empty);
    }

    [Test]
    public void An_exception_that_is_a_response_can_be_thrown_by_one()
    {
        using var server = new ServerFixture(app =>
        {
            app.Use((_, _) => throw HttpException.NotFound("none here"));
            app.Get("/", Answer);
        });
        RawAnswer answer = server.Ask(Get("/"));

        Assert.That((answer.Status, answer.Text), Is.EqualTo((404, "404: none here")));
    }

    [TestCase("GET /none HTTP/1.1", 404)]
    [TestCase("DELETE /x HTTP/1.1", 405)]
    [TestCase("OPTIONS /x HTTP/1.1", 204)]
    [TestCase("OPTIONS * HTTP/1.1", 204)]
    [TestCase("GET /%zz HTTP/1.1", 400)]
    [TestCase("BREW /x HTTP/1.1", 501)]
    public void They_run_around_generated_responses(string line, int status)
    {
        using var server = new ServerFixture(app =>
        {
            app.Use(Note("application"));
            app.Get("/x", Answer);
        });
        RawAnswer answer = server.Ask($"{line}\r\nHost: test\r\n\r\n");

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(_order, Is.EqualTo(new[] { "application in", "application out" }));
    }

    [TestCase("/api/none", "version")]
    [TestCase("/api", "api")]
    [TestCase("/api/", "api")]
    [TestCase("/api/../none", "api")]
    [TestCase("/api/v1/none", "v1")]
    [TestCase("/api/v1/x/none", "v1")]
    [TestCase("/api/v2/none", "version")]
    [TestCase("/apis/none", "outermost")]
    [TestCase("/none", "outermost")]
    [TestCase("/", "outermost")]
    public void A_404_is_that_of_the_application_with_the_longest_prefix(string path, string name)
    {
        using var server = new ServerFixture(app =>
        {
            app.Use(Name("outermost"));
            app.Group("").Use(Name("shares nothing with a 404"));
            Application api = app.Group("/api").Use(Name("api"));
            api.Group("/v1").Use(Name("v1")).Get("/x", Answer);
            api.Group("/{version}").Use(
                async (request, next) => Named(await next(request), "version"));
        });
        RawAnswer answer = server.Ask(Get(path));

        Assert.That((answer.Status, answer.All("X-Name")[0]), Is.EqualTo((404, name)));
    }

    [Test]
    public void A_405_of_a_group_has_its_middleware_and_Allow()
    {
        using var server = new ServerFixture(app =>
            app.Group("/api").Use(Name("api")).Post("/x", Answer));
        RawAnswer answer = server.Ask(Get("/api/x"));

        Assert.That(answer.Status, Is.EqualTo(405));
        Assert.That((answer["Allow"], answer["X-Name"]), Is.EqualTo(("OPTIONS, POST", "api")));
    }

    [Test]
    public void The_request_knows_its_route_and_application()
    {
        Application group = null!;
        var seen = new List<(Application, string?)>();
        using var server = new ServerFixture(app =>
        {
            app.Use((request, next) =>
            {
                seen.Add((request.GetApplication(), request.GetRoute()?.Pattern));
                return next(request);
            });
            group = app.Group("/api");
            group.Get("/items/{id}", Answer);
        });
        server.Ask(Get("/api/items/7"));
        server.Ask(Get("/api/none"));

        Assert.That(seen, Is.EqualTo(new[] { (group, "/api/items/{id}"), (group, (string?)null) }));
    }

    [Test]
    public void A_plain_async_method_can_be_one()
    {
        using var server = new ServerFixture(app =>
        {
            app.Use(Plain);
            app.Get("/", Answer).Use(Plain);
        });

        Assert.That(
            server.Ask(Get("/")).All("X-Name"), Is.EqualTo(new[] { "plain", "plain" }));

        static async Task<Response> Plain(Request request, Handler next)
        {
            await EventLoop.Yield();
            return Named(await next(request), "plain");
        }
    }

    [Test]
    public void Without_any_the_endpoint_has_the_handler_itself()
    {
        Handler handler = _ => Handlers.Run(_ => Response.Text("x"), null!);
        var app = new Application();
        app.Get("/x", handler);
        app.Group("/api").Get("/x", handler);
        HttpServer server = app.MakeHandler();

        Assert.That(server, Is.Not.Null);
        Assert.That(app.Compose(handler), Is.SameAs(handler));
    }

    // A request for each value of Allow, and more of them than are kept.
    [Test]
    public void Any_number_of_values_of_Allow_is_answered()
    {
        string[] methods = [.. Enumerable.Range(0, 100).Select(i => $"M{i}")];
        using var server = new ServerFixture(app =>
        {
            foreach (string method in methods)
            {
                app.On(method, $"/{method}", _ => new Response(204));
            }
        });
        HttpPeer peer = server.Connect();
        foreach (string method in methods.Concat(methods))
        {
            RawAnswer answer = peer.Ask(Get($"/{method}"));
            Assert.That(
                (answer.Status, answer["Allow"]), Is.EqualTo((405, $"{method}, OPTIONS")));
        }
    }

    private static Func<Request, Handler, Coroutine<Response>> Name(string name) =>
        async (request, next) => Named(await next(request), name);

    private static Response Named(Response response, string name)
    {
        response.Headers.Add("X-Name", name);
        return response;
    }

    private Func<Request, Handler, Coroutine<Response>> Note(string name) =>
        async (request, next) =>
        {
            _order.Add(name + " in");
            Response response = await next(request);
            _order.Add(name + " out");
            return response;
        };

    private Response Answer(Request request)
    {
        _order.Add("handler");
        return Response.Text("handler");
    }
}

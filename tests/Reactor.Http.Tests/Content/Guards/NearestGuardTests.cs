using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Content.Guards.GuardWorld;

namespace Reactor.Http.Tests.Content.Guards;

/// <summary>
/// Which of several CORS and security headers guards sets the fields of a response: the nearest to
/// the route alone, also of a response that the server makes before any middleware runs.
/// </summary>
public sealed class NearestGuardTests
{
    private const string Allow = "Access-Control-Allow-Origin";
    private const string Policy = "Content-Security-Policy";

    private static readonly RouteOptions s_small =
        new() { BodyBytesMax = 1, RequestsInFlightMax = 1 };

    private static readonly (string Path, string Nearest)[] s_places =
        [("/", "outer"), ("/own/", "inner"), ("/plain/", "outer"), ("/own/deep/", "inner")];

    private static IEnumerable<TestCaseData> Places()
    {
        foreach ((string path, string nearest) in s_places)
        {
            yield return new TestCaseData(path, nearest);
            yield return new TestCaseData(path + "route/", "route");
        }
    }

    private static IEnumerable<TestCaseData> Applications() =>
        s_places.Select(place => new TestCaseData(place.Path, place.Nearest));

    [TestCaseSource(nameof(Places))]
    public void Decides_for_what_the_handler_returns(string path, string nearest)
    {
        using ServerFixture server = Serve();
        AssertOnly(server, "POST", path + "small", nearest, ["Content-Length: 1"], "a", 200);
    }

    [TestCaseSource(nameof(Places))]
    public void Decides_for_what_the_handler_throws(string path, string nearest)
    {
        using ServerFixture server = Serve();
        AssertOnly(server, "GET", path + "thrown", nearest, [], "", 409);
    }

    [TestCaseSource(nameof(Places))]
    public void Decides_for_a_body_that_is_refused_by_its_length(string path, string nearest)
    {
        using ServerFixture server = Serve();
        AssertOnly(server, "POST", path + "small", nearest, ["Content-Length: 2"], "ab", 413);
    }

    [TestCaseSource(nameof(Places))]
    public void Decides_for_a_route_that_is_full(string path, string nearest)
    {
        using ServerFixture server = Serve();
        HttpPeer running = server.ConnectNow();
        running.Send(Request("GET", path + "slow"));
        server.Settle();
        AssertOnly(server, "GET", path + "slow", nearest, [], "", 503);
        server.RunFor(11);
        Assert.That(running.TakeOne().Status, Is.EqualTo(200));
    }

    [TestCaseSource(nameof(Applications))]
    public void Decides_for_a_path_without_a_route(string path, string nearest)
    {
        using ServerFixture server = Serve();
        AssertOnly(server, "GET", path + "none", nearest, [], "", 404);
        AssertOnly(server, "POST", path + "none", nearest, ["Content-Length: 1"], "a", 404);
    }

    [TestCaseSource(nameof(Applications))]
    public void Decides_for_a_method_without_a_route(string path, string nearest)
    {
        using ServerFixture server = Serve();
        AssertOnly(server, "DELETE", path + "small", nearest, [], "", 405);
    }

    [Test]
    public void Does_not_decide_on_a_route_for_methods_that_the_route_does_not_take()
    {
        using ServerFixture server = Serve();
        AssertOnly(server, "DELETE", "/route/small", "outer", [], "", 405);
        AssertOnly(server, "DELETE", "/own/route/small", "inner", [], "", 405);
    }

    [TestCaseSource(nameof(Applications))]
    public void Decides_for_a_preflight(string path, string nearest)
    {
        using ServerFixture server = Serve();
        RawAnswer accepted = server.Ask(Preflight(path + "small", OriginOf(nearest)));
        Assert.That((accepted.Status, accepted[Allow]), Is.EqualTo((204, OriginOf(nearest))));
        string other = nearest == "outer" ? "inner" : "outer";
        RawAnswer refused = server.Ask(Preflight(path + "small", OriginOf(other)));
        Assert.That((refused.Status, refused[Allow]), Is.EqualTo((204, (string?)null)));
    }

    [Test]
    public void Decides_for_a_preflight_of_a_route_that_takes_OPTIONS()
    {
        using ServerFixture server = Serve();
        RawAnswer accepted = server.Ask(Preflight("/own/options", OriginOf("route")));
        Assert.That((accepted.Status, accepted[Allow]), Is.EqualTo((204, OriginOf("route"))));
    }

    [Test]
    public void Is_the_outermost_for_a_malformed_head()
    {
        using ServerFixture server = Serve();
        Assert.That(server.Ask("BAD\r\n\r\n").All(Policy), Is.EqualTo(new[] { Csp("outer") }));
    }

    [Test]
    public void Is_the_last_one_added_of_several_at_one_place()
    {
        using var server = new ServerFixture(app =>
        {
            app.OnGet("/", "text");
            Guard(app, "outer");
            Guard(app, "inner");
        });
        AssertOnly(server, "GET", "/", "inner", [], "", 200);
        AssertOnly(server, "GET", "/none", "inner", [], "", 404);
    }

    [Test]
    public void Of_the_other_kind_an_outer_guard_counts()
    {
        using var server = new ServerFixture(app =>
        {
            Guard(app, "outer");
            app.Group("/cors").UseCors(Options("inner")).OnGet("/", "text");
            app.Get("/policy", _ => Response.Text("text"), s_small)
                .UseSecurityHeaders(new() { ContentSecurityPolicy = Csp("route") });
        });
        RawAnswer cors = server.Ask(Request("GET", "/cors/", $"Origin: {OriginOf("inner")}"));
        Assert.That((cors[Allow], cors[Policy]), Is.EqualTo((OriginOf("inner"), Csp("outer"))));
        string tooLarge = Request(
            "GET", "/policy", $"Origin: {OriginOf("outer")}", "Content-Length: 2") + "ab";
        RawAnswer policy = server.Ask(tooLarge);
        Assert.That(
            (policy.Status, policy[Allow], policy[Policy]),
            Is.EqualTo((413, OriginOf("outer"), Csp("route"))));
    }

    [Test]
    public void Runs_between_the_hooks_of_the_request_and_those_of_the_application()
    {
        using var server = new ServerFixture(app =>
        {
            app.OnResponsePrepare.Add((_, response) => response.Headers.Remove("X-Frame-Options"));
            app.OnGet("/", request =>
            {
                request.OnResponsePrepare((_, response) =>
                    response.Headers.Set(Policy, "default-src 'none'"));
                return Response.Text("text");
            });
            app.UseSecurityHeaders();
        });
        RawAnswer answer = server.Ask(Request("GET", "/"));
        Assert.That(answer.All(Policy), Is.EqualTo(new[] { "default-src 'none'" }));
        Assert.That(answer["X-Frame-Options"], Is.Null);
        Assert.That(answer["X-Content-Type-Options"], Is.EqualTo("nosniff"));
    }

    [Test]
    public void Cannot_be_added_while_the_application_is_served()
    {
        Application app = null!;
        Route route = null!;
        using var server = new ServerFixture(made =>
        {
            app = made;
            route = made.Get("/", _ => Response.Text("text"));
        });
        Assert.That(() => app.UseCors(Options("outer")), Throws.InvalidOperationException);
        Assert.That(() => route.UseCors(Options("outer")), Throws.InvalidOperationException);
        Assert.That(() => app.UseSecurityHeaders(), Throws.InvalidOperationException);
        Assert.That(() => route.UseSecurityHeaders(), Throws.InvalidOperationException);
    }

    /// <summary>The fields of one guard are there once, and those of the others are not.</summary>
    private static void AssertOnly(
        ServerFixture server, string method, string target, string guard, string[] fields,
        string body, int status)
    {
        foreach (string name in new[] { "outer", "inner", "route" })
        {
            RawAnswer answer = server.Ask(
                Request(method, target, [$"Origin: {OriginOf(name)}", .. fields]) + body);
            string[] allowed = name == guard ? [OriginOf(name)] : [];
            Assert.That(answer.Status, Is.EqualTo(status));
            Assert.That(answer.All(Allow), Is.EqualTo(allowed), name);
            Assert.That(answer.All(Policy), Is.EqualTo(new[] { Csp(guard) }));
            Assert.That(string.Join(", ", answer.All("Vary")), Does.Contain("Origin"));
        }
    }

    private static ServerFixture Serve() => new(app =>
    {
        Guard(app, "outer");
        AddRoutes(app);
        AddRoutes(app.Group("/plain"));
        Application own = app.Group("/own");
        Guard(own, "inner");
        AddRoutes(own);
        AddRoutes(own.Group("/deep"));
        own.Match(["PUT", "OPTIONS"], "/options", _ => Response.Text("text"))
            .UseCors(Options("route"));
    });

    private static void AddRoutes(Application app)
    {
        foreach (string place in new[] { "/", "/route/" })
        {
            Route[] routes =
            [
                app.Post(place + "small", _ => Response.Text("text"), s_small),
                app.Get(place + "thrown", Conflict),
                app.Get(place + "slow", SlowAsync, s_small),
            ];
            foreach (Route route in place == "/" ? [] : routes)
            {
                route.UseCors(Options("route"));
                route.UseSecurityHeaders(new() { ContentSecurityPolicy = Csp("route") });
            }
        }
    }

    private static Response Conflict(Request request) => throw HttpException.Conflict("thrown");

    private static async Coroutine<Response> SlowAsync(Request request)
    {
        await EventLoop.Delay(TimeSpan.FromSeconds(10));
        return Response.Text("slow");
    }

    private static void Guard(Application app, string name) => app
        .UseSecurityHeaders(new() { ContentSecurityPolicy = Csp(name) })
        .UseCors(Options(name));

    private static CorsOptions Options(string name) =>
        new() { Origins = [OriginOf(name)], Methods = ["GET", "PUT"] };

    private static string OriginOf(string name) => $"https://{name}.test";

    private static string Csp(string name) => $"default-src {OriginOf(name)}";
}

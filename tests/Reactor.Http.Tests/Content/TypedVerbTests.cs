using System.Text.Json.Serialization.Metadata;
using Reactor.Http.Tests.Server;

namespace Reactor.Http.Tests.Content;

/// <summary>
/// Each verb with a handler that takes JSON, returns it, or both, as a coroutine, a task and a
/// plain function: it serves, and describes itself.
/// </summary>
public sealed class TypedVerbTests
{
    private const string Input = "Content-Type: application/json\r\nContent-Length: 3\r\n\r\n\"a\"";

    private static readonly JsonTypeInfo<string> s_text = ContentJson.Default.String;

    private static readonly string[] s_kinds = ["coroutine", "task", "function"];

    private static IEnumerable<TestCaseData> Cases =>
        from kind in s_kinds
        from verb in new[] { "GET", "DELETE", "POST", "PUT", "PATCH" }
        from shape in verb is "GET" or "DELETE" ? ["out"] : new[] { "in-out", "in", "out" }
        select new TestCaseData(verb, shape, kind);

    [TestCaseSource(nameof(Cases))]
    public void Each_serves_and_describes_itself(string verb, string shape, string kind)
    {
        var app = new Application();
        AddRoutes(app);
        Route route = app.Routes.Single(
            one => one.Methods.Contains(verb) && one.Pattern == $"/{shape}/{kind}");
        Assert.That(string.Join(", ", route.Metadata), Is.EqualTo(shape switch
        {
            "in-out" => "accepts String, 201 String",
            "in" => "accepts String",
            _ => "201 String",
        }));
        Assert.That(route.Options!.BodyBytesMax, Is.EqualTo(100));

        using var server = new ServerFixture(AddRoutes);
        RawAnswer answer = server.Ask(
            $"{verb} /{shape}/{kind} HTTP/1.1\r\nHost: test\r\n"
            + (shape == "out" ? "Content-Length: 0\r\n\r\n" : Input));
        Assert.That((answer.Status, answer.Text), Is.EqualTo(shape switch
        {
            "in-out" => (201, "\"aa\""),
            "in" => (202, "a"),
            _ => (201, "\"made\""),
        }));
    }

    [TestCaseSource(nameof(s_kinds))]
    public void A_result_of_null_is_404(string kind)
    {
        using var server = new ServerFixture(app =>
        {
            app.Get("/coroutine", s_text, async Coroutine<string> (_) => null!);
            app.Get("/task", s_text, async Task<string> (_) => null!);
            app.Get("/function", s_text, string? (_) => null);
        });

        Assert.That(server.Ask(ServerFixture.Get($"/{kind}")).Status, Is.EqualTo(404));
    }

    // RFC 9110 6.4.1 and 15.3.6; and a status has three digits (15).
    [TestCase(199)]
    [TestCase(204)]
    [TestCase(205)]
    [TestCase(304)]
    [TestCase(600)]
    public void A_status_without_content_is_refused_before_the_route_is_added(int status)
    {
        var app = new Application();
        Assert.That(
            () => app.Get("/", s_text, MakeNow, status),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => app.Post("/", s_text, s_text, TwiceNow, status),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(app.Routes, Is.Empty);
    }

    [TestCase("Content-Type: text/plain\r\nContent-Length: 3\r\n\r\n\"a\"", 415)]
    [TestCase("Content-Type: application/json\r\nContent-Length: 2\r\n\r\n\"a", 400)]
    [TestCase("Content-Type: application/json\r\nContent-Length: 101\r\n\r\n", 413)]
    public void Content_that_is_refused_does_not_reach_the_handler(string input, int status)
    {
        bool isCalled = false;
        using var server = new ServerFixture(app => app.Post(
            "/", s_text, s_text, (_, value) => $"{isCalled = true}{value}",
            options: new RouteOptions { BodyBytesMax = 100 }));

        Assert.That(
            server.Ask($"POST / HTTP/1.1\r\nHost: test\r\n{input}").Status, Is.EqualTo(status));
        Assert.That(isCalled, Is.False);
    }

    private static RouteOptions Options => new() { BodyBytesMax = 100 };

    private static void AddRoutes(Application app)
    {
        AddReads(app);
        AddBoth(app);
        AddInputs(app);
        AddOutputs(app);
    }

    private static void AddReads(Application app)
    {
        app.Get("/out/coroutine", s_text, Make, 201, Options);
        app.Get("/out/task", s_text, MakeTask, 201, Options);
        app.Get("/out/function", s_text, MakeNow, 201, Options);
        app.Delete("/out/coroutine", s_text, Make, 201, Options);
        app.Delete("/out/task", s_text, MakeTask, 201, Options);
        app.Delete("/out/function", s_text, MakeNow, 201, Options);
    }

    private static void AddBoth(Application app)
    {
        app.Post("/in-out/coroutine", s_text, s_text, Twice, 201, Options);
        app.Post("/in-out/task", s_text, s_text, TwiceTask, 201, Options);
        app.Post("/in-out/function", s_text, s_text, TwiceNow, 201, Options);
        app.Put("/in-out/coroutine", s_text, s_text, Twice, 201, Options);
        app.Put("/in-out/task", s_text, s_text, TwiceTask, 201, Options);
        app.Put("/in-out/function", s_text, s_text, TwiceNow, 201, Options);
        app.Patch("/in-out/coroutine", s_text, s_text, Twice, 201, Options);
        app.Patch("/in-out/task", s_text, s_text, TwiceTask, 201, Options);
        app.Patch("/in-out/function", s_text, s_text, TwiceNow, 201, Options);
    }

    private static void AddInputs(Application app)
    {
        app.Post("/in/coroutine", s_text, Take, Options);
        app.Post("/in/task", s_text, TakeTask, Options);
        app.Post("/in/function", s_text, TakeNow, Options);
        app.Put("/in/coroutine", s_text, Take, Options);
        app.Put("/in/task", s_text, TakeTask, Options);
        app.Put("/in/function", s_text, TakeNow, Options);
        app.Patch("/in/coroutine", s_text, Take, Options);
        app.Patch("/in/task", s_text, TakeTask, Options);
        app.Patch("/in/function", s_text, TakeNow, Options);
    }

    private static void AddOutputs(Application app)
    {
        app.Post("/out/coroutine", s_text, Make, 201, Options);
        app.Post("/out/task", s_text, MakeTask, 201, Options);
        app.Post("/out/function", s_text, MakeNow, 201, Options);
        app.Put("/out/coroutine", s_text, Make, 201, Options);
        app.Put("/out/task", s_text, MakeTask, 201, Options);
        app.Put("/out/function", s_text, MakeNow, 201, Options);
        app.Patch("/out/coroutine", s_text, Make, 201, Options);
        app.Patch("/out/task", s_text, MakeTask, 201, Options);
        app.Patch("/out/function", s_text, MakeNow, 201, Options);
    }

    private static string MakeNow(Request request) => "made";

    private static async Task<string> MakeTask(Request request)
    {
        await Task.Yield();
        return "made";
    }

    private static async Coroutine<string> Make(Request request)
    {
        await EventLoop.Yield();
        return "made";
    }

    private static string TwiceNow(Request request, string value) => value + value;

    private static async Task<string> TwiceTask(Request request, string value)
    {
        await Task.Yield();
        return value + value;
    }

    private static async Coroutine<string> Twice(Request request, string value)
    {
        await EventLoop.Yield();
        return value + value;
    }

    private static Response TakeNow(Request request, string value) =>
        Response.Text(value, status: 202);

    private static async Task<Response> TakeTask(Request request, string value)
    {
        await Task.Yield();
        return TakeNow(request, value);
    }

    private static async Coroutine<Response> Take(Request request, string value)
    {
        await EventLoop.Yield();
        return TakeNow(request, value);
    }
}

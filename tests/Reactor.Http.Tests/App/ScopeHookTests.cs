using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.App;

/// <summary>The hooks before heads and the pages of errors of mounted applications.</summary>
public sealed class ScopeHookTests
{
    [TestCase("/x", 200, "outer 1, outer 2")]
    [TestCase("/none", 404, "outer 1, outer 2")]
    [TestCase("/a/x", 200, "outer 1, outer 2, a")]
    [TestCase("/a/none", 404, "outer 1, outer 2, a")]
    [TestCase("/a/b/x", 200, "outer 1, outer 2, a, b")]
    [TestCase("/a/b/stream", 200, "outer 1, outer 2, a, b")]
    [TestCase("/a/b/none", 404, "outer 1, outer 2, a, b")]
    public void The_hooks_before_the_head_run_from_the_outermost_application_in(
        string path, int status, string hooks)
    {
        using var server = new ServerFixture(app =>
        {
            AddHook(app, "outer 1");
            AddHook(app, "outer 2");
            app.OnGet("/x", "x");
            Application a = app.Group("/a");
            AddHook(a, "a");
            a.OnGet("/x", "x");
            Application b = a.Group("/b");
            AddHook(b, "b");
            b.OnGet("/x", "x");
            b.Get("/stream", async request =>
            {
                var response = new StreamResponse();
                response.Prepare(request);
                await response.WriteAsync("x"u8.ToArray());
                return response;
            });
        });
        RawAnswer answer = server.Ask(Get(path));

        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(string.Join(", ", answer.All("X-Hook")), Is.EqualTo(hooks));
    }

    [Test]
    public void A_malformed_head_has_those_of_the_outermost_application_only()
    {
        bool hadRequest = true;
        using var server = new ServerFixture(app =>
        {
            app.OnResponsePrepare.Add((request, _) => hadRequest = request is not null);
            AddHook(app, "outer");
            AddHook(app.Group("/a"), "a");
        });
        RawAnswer answer = server.Ask("GET /a/x HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n");

        Assert.That((answer.Status, hadRequest), Is.EqualTo((400, false)));
        Assert.That(answer.All("X-Hook"), Is.EqualTo(new[] { "outer" }));
    }

    [TestCase("/none", "outer")]
    [TestCase("/fails", "outer")]
    [TestCase("/a/none", "a")]
    [TestCase("/a/fails", "a")]
    [TestCase("/a/b/none", "a")]
    [TestCase("/a/b/fails", "a")]
    [TestCase("/c/none", "outer")]
    public void The_page_of_an_error_is_that_of_the_nearest_application_that_has_one(
        string path, string page)
    {
        using var server = new ServerFixture(app =>
        {
            app.ErrorPage = PageOf("outer");
            Application a = app.Group("/a");
            a.ErrorPage = PageOf("a");
            Application b = a.Group("/b");
            app.Group("/c");
            foreach (Application one in new[] { app, a, b })
            {
                one.OnGet("/fails", _ => throw HttpException.NotFound());
            }
        });
        RawAnswer answer = server.Ask(Get(path));

        Assert.That((answer.Status, answer.Text), Is.EqualTo((404, page)));
    }

    private static void AddHook(Application app, string name) => app.OnResponsePrepare.Add(
        (_, response) => response.Headers.Add("X-Hook", name));

    private static ErrorPage PageOf(string name) =>
        (in ErrorContext context) => Response.Text(name, context.Status);
}

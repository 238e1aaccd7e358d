using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Content.Guards.GuardWorld;

namespace Reactor.Http.Tests.Content.Guards;

/// <summary>
/// Every response says that it depends on the origin, or a cache would give one origin the
/// permission of another (Fetch, "CORS protocol and HTTP caches").
/// </summary>
public sealed class CorsVaryTests
{
    private static readonly string[] s_asked =
        ["Access-Control-Request-Method", "Access-Control-Request-Headers"];

    private static IEnumerable<TestCaseData> Kinds =>
    [
        .. KindsOfResponses(),
        .. KindsOfResponses("Origin: https://friend.test"),
        .. KindsOfResponses("Origin: https://evil.test"),
        .. KindsOfResponses("Origin: null"),
        new("BAD\r\n\r\n", 400),
        new("GET / HTTP/3.0\r\nHost: site.test\r\n\r\n", 505),
    ];

    [TestCaseSource(nameof(Kinds))]
    public void Every_response_varies_by_origin(string request, int status)
    {
        using ServerFixture server = Serve();
        RawAnswer answer = server.Ask(request);
        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(NamesOf(answer), Does.Contain("Origin"));
        Assert.That(NamesOf(answer), Is.Unique);
    }

    [Test]
    public void A_preflight_varies_by_what_it_asks_for([Values("friend", "evil")] string host)
    {
        using ServerFixture server = Serve();
        string[] names = NamesOf(server.Ask(Preflight("/text", $"https://{host}.test")));
        Assert.That(names, Is.SupersetOf((string[])["Origin", .. s_asked]));
    }

    [Test]
    public void A_simple_request_does_not_vary_by_the_fields_of_a_preflight()
    {
        using ServerFixture server = Serve();
        string[] names = NamesOf(server.Ask(Request("GET", "/text")));
        Assert.That(names.Intersect(s_asked), Is.Empty);
    }

    [Test]
    public void The_Vary_of_a_handler_and_of_the_defaults_stays()
    {
        using var server = new ServerFixture(app =>
        {
            app.DefaultHeaders.Add("Vary", "Accept-Language");
            app.Get("/text", _ => Response.Text("text"));
            app.Get("/own", _ =>
            {
                var response = Response.Text("text");
                response.Headers.Add("Vary", "Cookie, origin");
                return response;
            });
            app.UseCors(new CorsOptions { Origins = ["https://friend.test"] });
            Application group = app.Group("/group");
            group.DefaultHeaders.Add("Vary", "Accept-Encoding");
            group.Get("/text", _ => Response.Text("text"));
        });
        Assert.That(
            NamesOf(server.Ask(Request("GET", "/text"))),
            Is.EquivalentTo(new[] { "Accept-Language", "Origin" }));
        Assert.That(
            NamesOf(server.Ask(Request("GET", "/own"))),
            Is.EquivalentTo(new[] { "Cookie", "origin" }));
        Assert.That(
            NamesOf(server.Ask(Request("GET", "/group/text"))),
            Is.EquivalentTo(new[] { "Accept-Encoding", "Origin" }));
    }

    private static ServerFixture Serve() => new(app =>
    {
        AddKindsOfResponses(app);
        app.UseCors(new CorsOptions { Origins = ["https://friend.test"] });
    });

    private static string[] NamesOf(RawAnswer answer) =>
    [
        .. answer.All("Vary").SelectMany(
            value => value.Split(',', StringSplitOptions.TrimEntries)),
    ];
}

using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Content.Guards.GuardWorld;

namespace Reactor.Http.Tests.Content.Guards;

/// <summary>The fields are on every response, and replace no field of its own.</summary>
public sealed class SecurityHeadersTests
{
    private static readonly (string Name, string Value)[] s_defaults =
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy",
            "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; "
            + "object-src 'none'"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("X-Frame-Options", "DENY"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
    ];

    private static IEnumerable<TestCaseData> Kinds =>
    [
        .. KindsOfResponses(),
        new("BAD\r\n\r\n", 400),
        new("GET / HTTP/3.0\r\nHost: site.test\r\n\r\n", 505),
    ];

    [TestCaseSource(nameof(Kinds))]
    public void Every_kind_of_response_has_them(string request, int status)
    {
        using var server = new ServerFixture(app =>
        {
            AddKindsOfResponses(app);
            app.UseSecurityHeaders();
        });
        RawAnswer answer = server.Ask(request);
        Assert.That(answer.Status, Is.EqualTo(status));
        foreach ((string name, string value) in s_defaults)
        {
            Assert.That(answer.All(name), Is.EqualTo(new[] { value }), name);
        }

        Assert.That(answer["Permissions-Policy"], Is.Null);
        Assert.That(answer["Strict-Transport-Security"], Is.Null);
    }

    [Test]
    public void What_a_response_or_the_default_headers_say_stays()
    {
        using var server = new ServerFixture(app =>
        {
            app.DefaultHeaders.Add("Referrer-Policy", "no-referrer");
            app.UseSecurityHeaders();
            app.Get("/", _ =>
            {
                var response = Response.Text("text");
                response.Headers.Add("x-frame-options", "SAMEORIGIN");
                return response;
            });
            Application group = app.Group("/group");
            group.DefaultHeaders.Add("Content-Security-Policy", "default-src 'none'");
            group.OnGet("/", "text");
        });
        RawAnswer answer = server.Ask(Request("GET", "/"));
        Assert.That(answer["X-Frame-Options"], Is.EqualTo("SAMEORIGIN"));
        Assert.That(answer["Referrer-Policy"], Is.EqualTo("no-referrer"));
        Assert.That(answer["X-Content-Type-Options"], Is.EqualTo("nosniff"));
        RawAnswer inGroup = server.Ask(Request("GET", "/group/"));
        Assert.That(inGroup["Content-Security-Policy"], Is.EqualTo("default-src 'none'"));
        RawAnswer malformed = server.Ask("BAD\r\n\r\n");
        Assert.That(malformed["Referrer-Policy"], Is.EqualTo("no-referrer"));
    }

    [Test]
    public void The_guard_nearest_to_the_handler_counts_alone()
    {
        using var server = new ServerFixture(app =>
        {
            app.UseSecurityHeaders();
            app.Get("/embed", _ => Response.Text("text")).UseSecurityHeaders(new()
            {
                FrameOptions = null,
                ContentSecurityPolicy = "default-src 'self'; frame-ancestors https://friend.test",
                PermissionsPolicy = "camera=()",
            });
        });
        RawAnswer answer = server.Ask(Request("GET", "/embed"));
        Assert.That(answer["X-Frame-Options"], Is.Null);
        Assert.That(
            answer["Content-Security-Policy"],
            Is.EqualTo("default-src 'self'; frame-ancestors https://friend.test"));
        Assert.That(answer["Permissions-Policy"], Is.EqualTo("camera=()"));
    }

    [TestCase("default-src 'self'\r\nSet-Cookie: a=b")]
    [TestCase("default-src\n'self'")]
    [TestCase("")]
    public void A_value_that_is_none_is_refused_at_the_start(string value) => Assert.That(
        () => new SecurityHeadersOptions { ContentSecurityPolicy = value },
        Throws.ArgumentException.With.Message.Contains("ContentSecurityPolicy"));
}

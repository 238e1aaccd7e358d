using Reactor.Http.Tests.Server;

namespace Reactor.Http.Tests.Content;

/// <summary>Accept and Accept-Encoding (RFC 9110 12.4.2, 12.5.1, 12.5.3, 12.5.5).</summary>
public sealed class NegotiationTests
{
    [TestCase(null, "application/json", Description = "no preference")]
    [TestCase("*/*", "application/json")]
    [TestCase("text/html", "text/html")]
    [TestCase("TEXT/HTML", "text/html")]
    [TestCase("text/*", "text/html")]
    [TestCase("text/html, application/json", "application/json", Description = "equals: ours")]
    [TestCase("application/json;q=0.5, text/html;q=0.6", "text/html")]
    [TestCase("application/json;q=0.001", "application/json")]
    [TestCase("*/*;q=0.1, text/html", "text/html")]
    [TestCase("application/json;q=0, */*", "text/html", Description = "the specific one excludes")]
    [TestCase("*/*;q=0", null)]
    [TestCase("text/plain", null)]
    [TestCase("application/json;q=0", null)]
    [TestCase("application/*;q=0.2, text/html;q=0.1", "application/json")]
    [TestCase("text/html;level=1", null, Description = "the type has no such parameter")]
    [TestCase("nonsense", "application/json", Description = "what is no range is no preference")]
    [TestCase("text/html;q=2, text/plain", null, Description = "a malformed element is none")]
    [TestCase("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
        "text/html", Description = "a browser")]
    public void The_type_that_the_client_prefers_is_chosen(string? accept, string? expected)
    {
        using var server = new ServerFixture(app => app.OnGet(
            "/", r => Response.Text(r.Accepts("application/json", "text/html") ?? "none")));

        Assert.That(
            server.Ask(Get("Accept", accept)).Text, Is.EqualTo(expected ?? "none"));
    }

    [Test]
    public void The_lines_of_a_field_are_one_list()
    {
        using var server = new ServerFixture(app => app.OnGet(
            "/", r => Response.Text(r.Accepts("application/json", "text/html") ?? "none")));

        Assert.That(
            server.Ask("GET / HTTP/1.1\r\nHost: test\r\nAccept: application/json;q=0.1\r\n"
                + "Accept: text/html;q=0.2\r\n\r\n").Text,
            Is.EqualTo("text/html"));
    }

    [Test]
    public void A_client_that_accepts_no_type_gets_406_with_the_types()
    {
        using var server = new ServerFixture(app => app.OnGet(
            "/", r => Response.Text(r.RequireAccept("application/json", "text/html"))));
        RawAnswer refused = server.Ask(Get("Accept", "image/evil"));

        Assert.That(refused.Status, Is.EqualTo(406));
        Assert.That(refused.Text, Does.Contain("application/json, text/html"));
        Assert.That(refused.Text, Does.Not.Contain("evil"));
        Assert.That(server.Ask(Get("Accept", "text/*")).Text, Is.EqualTo("text/html"));
    }

    [TestCase(null, "identity", Description = "it may know no coding")]
    [TestCase("", "identity")]
    [TestCase("gzip", "gzip")]
    [TestCase("GZIP", "gzip")]
    [TestCase("x-gzip", "gzip")]
    [TestCase("gzip, deflate, br, zstd", "br", Description = "a browser; equals: ours")]
    [TestCase("gzip;q=1.0, br;q=0.9", "gzip")]
    [TestCase("gzip;q=0.5, identity;q=1", "identity")]
    [TestCase("gzip, identity", "gzip", Description = "equals: a coding saves bytes")]
    [TestCase("gzip;q=0.001", "gzip", Description = "identity without a weight is last")]
    [TestCase("deflate", "identity")]
    [TestCase("*", "br")]
    [TestCase("br;q=0, *", "gzip")]
    [TestCase("gzip;q=0, br;q=0", "identity")]
    [TestCase("*;q=0", null)]
    [TestCase("identity;q=0", null)]
    [TestCase("*;q=0, identity", "identity", Description = "the specific one decides")]
    [TestCase("*;q=0, identity;q=0.5, gzip;q=0.2", "identity")]
    [TestCase("identity;q=0, gzip;q=0.1", "gzip")]
    [TestCase("*;q=0.5, identity;q=0", "br")]
    [TestCase("gzip;q=1.001", "identity", Description = "a malformed element is none")]
    [TestCase("gzip;q=0.0001", "identity")]
    [TestCase("gzipped", "identity")]
    public void The_coding_that_the_client_prefers_is_chosen(string? accept, string? expected)
    {
        using var server = new ServerFixture(app => app.OnGet(
            "/", r => Response.Text(r.AcceptsEncoding("br", "gzip") ?? "none")));

        Assert.That(
            server.Ask(Get("Accept-Encoding", accept)).Text, Is.EqualTo(expected ?? "none"));
    }

    [Test]
    public void H89_a_negotiated_response_names_the_fields_in_Vary_once()
    {
        using var server = new ServerFixture(app => app.OnGet("/", r =>
        {
            Response response = Response.Text(r.RequireAccept("text/plain"));
            response.Headers.AddVary("Accept");
            response.Headers.AddVary("Accept-Encoding");
            response.Headers.AddVary("accept");
            return response;
        }));

        Assert.That(
            server.Ask(Get("Accept", "text/*")).All("Vary"),
            Is.EqualTo(new[] { "Accept", "Accept-Encoding" }));
        Assert.That(
            server.Ask(Get("Accept", "image/*")).All("Vary"), Is.EqualTo(new[] { "Accept" }),
            "an error is negotiated too");
    }

    [Test]
    public void H89_a_Vary_of_everything_is_not_added_to()
    {
        var headers = new Response().Headers;
        headers.Add("Vary", "*");
        headers.AddVary("Accept");

        Assert.That(headers.Count, Is.EqualTo(1));
        Assert.That(() => new Response().Headers.AddVary("a b"), Throws.ArgumentException);
    }

    private static string Get(string field, string? value) =>
        $"GET / HTTP/1.1\r\nHost: test\r\n{(value is null ? "" : $"{field}: {value}\r\n")}\r\n";
}

using System.Text.Json;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// The pages that the server makes itself: the format by Accept, the escapes of each, and the
/// fields beside them.
/// </summary>
public class DefaultErrorPageTests
{
    private const string Text = "text/plain; charset=utf-8";
    private const string Html = "text/html; charset=utf-8";
    private const string Problem = "application/problem+json";

    private const string Chromium =
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
        + "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7";

    [TestCase(null, Text)]
    [TestCase("*/*", Text)]
    [TestCase("", Text)]
    [TestCase("malformed;;;q", Text)]
    [TestCase("text/html, text/plain", Text)]
    [TestCase("application/json, text/plain, */*", Text)]
    [TestCase("image/png", Text)]
    [TestCase("*/*;q=0", Text)]
    [TestCase(Chromium, Html)]
    [TestCase("text/html", Html)]
    [TestCase("text/*;q=0.5, text/html;q=0.6", Html)]
    [TestCase("text/html, application/json;q=0.9", Html)]
    [TestCase("*/*, text/plain;q=0, application/problem+json;q=0.1, application/json;q=0", Html)]
    [TestCase("application/problem+json", Problem)]
    [TestCase("application/json", Problem)]
    [TestCase("application/*, */*;q=0.1", Problem)]
    [TestCase("application/json, text/html", Problem)]
    [TestCase("application/json;q=0.2, text/plain;q=0.1", Problem)]
    public void The_format_is_what_the_client_prefers(string? accept, string type)
    {
        using var server = new ServerFixture();
        RawAnswer answer = server.Ask(Ask("/none", accept));

        Assert.That((answer.Status, answer["Content-Type"]), Is.EqualTo((404, type)));
        Assert.That(answer["Vary"], Is.EqualTo("Accept"));
        Assert.That(answer["X-Content-Type-Options"], Is.EqualTo("nosniff"));
        Assert.That(answer.Text, Is.EqualTo(type switch
        {
            Html => "<!doctype html>\n<meta charset=\"utf-8\">\n<title>404 Not Found</title>\n"
                + "<h1>404 Not Found</h1>\n",
            Problem => """{"type":"about:blank","title":"Not Found","status":404}""",
            _ => "404: Not Found",
        }));
    }

    [Test]
    public void A_head_that_is_refused_has_no_preference()
    {
        using var server = new ServerFixture();
        RawAnswer answer = server.Ask(
            "GET / HTTP/1.1\r\nHost: test\r\nAccept: text/html\r\nBad Field: x\r\n\r\n");

        Assert.That((answer.Status, answer["Content-Type"]), Is.EqualTo((400, Text)));
        Assert.That(answer["Vary"], Is.Null);
    }

    [Test]
    public void H98_the_preference_of_an_earlier_request_is_not_that_of_a_refused_one()
    {
        using var server = new ServerFixture();
        HttpPeer peer = server.Connect();
        peer.Send(Ask("/none", "text/html") + "BAD\r\n\r\n");
        server.Settle();

        Assert.That(
            peer.Take().Select(answer => answer["Content-Type"]), Is.EqualTo(new[] { Html, Text }));
    }

    [Test]
    public void The_head_of_an_error_is_the_same_without_its_body()
    {
        using var server = new ServerFixture();
        RawAnswer get = server.Ask(Ask("/none", "text/html"));
        RawAnswer head = server.Ask(Ask("/none", "text/html").Replace(
            "GET", "HEAD", StringComparison.Ordinal));

        Assert.That(head.Body, Is.Empty);
        Assert.That(head.Fields, Is.EqualTo(get.Fields));
    }

    [TestCase(400, "OPTIONS /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n{0}\r\nx")]
    [TestCase(404, "GET /none HTTP/1.1\r\nHost: h\r\n{0}\r\n")]
    [TestCase(405, "PUT /x HTTP/1.1\r\nHost: h\r\n{0}\r\n")]
    [TestCase(413, "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999\r\n{0}\r\n")]
    [TestCase(415, "POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n{0}\r\nx")]
    [TestCase(500, "GET /x HTTP/1.1\r\nHost: h\r\n{0}\r\n")]
    [TestCase(501, "BREW /x HTTP/1.1\r\nHost: h\r\n{0}\r\n")]
    [TestCase(503, "GET /busy HTTP/1.1\r\nHost: h\r\n{0}\r\n")]
    public void Every_error_behind_a_head_is_negotiated(int status, string request)
    {
        using var server = new ServerFixture(
            app =>
            {
                app.OnGet("/x", _ => throw new InvalidOperationException("on purpose"));
                app.Post("/x", async request => Response.Text(
                    $"{await request.JsonAsync(NumberJson.Default.JsonElement)}"));
                app.Get("/busy", async _ =>
                {
                    await EventLoop.Delay(TimeSpan.FromSeconds(2));
                    return new Response();
                });
            },
            new HttpServerOptions { Times = new() { HandlerTimeout = TimeSpan.FromSeconds(1) } });
        HttpPeer peer = server.Connect();
        string method = request.Split(' ')[0];
        peer.Send(string.Format(null, request, "Accept: application/problem+json\r\n"));
        server.RunFor(2);
        RawAnswer answer = peer.TakeOne(method);

        Assert.That((answer.Status, answer["Content-Type"]), Is.EqualTo((status, Problem)));
        using JsonDocument json = JsonDocument.Parse(answer.Body);
        Assert.That(json.RootElement.GetProperty("status").GetInt32(), Is.EqualTo(status));
        Assert.That(
            json.RootElement.GetProperty("title").GetString(),
            Is.EqualTo(answer.StatusLine["HTTP/1.1 000 ".Length..]), "RFC 9457 4.2.1");
    }

    [TestCase("<script>&\"'", "<p>&lt;script&gt;&amp;&quot;&#39;</p>")]
    [TestCase("</h1>", "<p>&lt;/h1&gt;</p>")]
    public void H98_a_detail_is_escaped_in_html(string detail, string escaped) =>
        Assert.That(PageOf(detail, "text/html").Text, Does.Contain(escaped));

    [TestCase("a\"b\\c\n</script>")]
    [TestCase("\0\u001f\u2028é\ud83d\ude00")]
    public void H98_a_detail_is_escaped_in_json(string detail)
    {
        RawAnswer answer = PageOf(detail, "application/json");
        using JsonDocument json = JsonDocument.Parse(answer.Body);

        Assert.That(json.RootElement.GetProperty("detail").GetString(), Is.EqualTo(detail));
        Assert.That(answer.Text, Does.Not.Contain("<").And.Match("^[ -~]*$"));
    }

    [TestCase("text/plain")]
    [TestCase("text/html")]
    [TestCase("application/json")]
    public void A_detail_with_half_a_surrogate_pair_is_still_a_page(string accept) =>
        Assert.That(PageOf("a\ud800b", accept).Status, Is.EqualTo(400));

    [TestCase("text/html")]
    [TestCase("application/json")]
    public void H99_an_exception_is_told_in_each_format_in_development_only(string accept)
    {
        foreach (bool isDev in new[] { false, true })
        {
            using var server = new ServerFixture(
                app => app.OnGet("/", _ => throw new InvalidOperationException("the <inside>")),
                new HttpServerOptions { DevMode = isDev });
            RawAnswer answer = server.Ask(Ask("/", accept));

            Assert.That(answer.Status, Is.EqualTo(500));
            Assert.That(answer.Text, Does.Not.Contain("<inside"));
            Assert.That(
                answer.Text.Contains("inside", StringComparison.Ordinal), Is.EqualTo(isDev));
        }
    }

    [Test]
    public void An_unregistered_status_has_a_title_too() => Assert.That(
        PageOf(null, "application/json", 499).Text,
        Is.EqualTo("""{"type":"about:blank","title":"Error","status":499}"""));

    private static RawAnswer PageOf(string? detail, string accept, int status = 400)
    {
        using var server = new ServerFixture(
            app => app.OnGet("/", _ => throw new HttpException(status, detail)));
        return server.Ask(Ask("/", accept));
    }

    private static string Ask(string target, string? accept) =>
        $"GET {target} HTTP/1.1\r\nHost: test\r\n"
        + (accept is null ? "\r\n" : $"Accept: {accept}\r\n\r\n");
}

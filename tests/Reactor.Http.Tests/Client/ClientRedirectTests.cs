using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http.Tests.Client;

/// <summary>What a client sends after a redirect (RFC 9110 15.4).</summary>
public sealed class ClientRedirectTests
{
    private static readonly ClientUrl s_url = ClientUrl.Parse("http://a/b/c?q", null);

    // Method, status, the next method, whether a content stays.
    private static readonly (string Method, int Status, string Next, bool KeepsContent)[] s_table =
    [
        ("GET", 301, "GET", true), ("GET", 302, "GET", true), ("GET", 303, "GET", false),
        ("GET", 307, "GET", true), ("GET", 308, "GET", true),
        ("HEAD", 301, "HEAD", true), ("HEAD", 302, "HEAD", true), ("HEAD", 303, "HEAD", false),
        ("HEAD", 307, "HEAD", true), ("HEAD", 308, "HEAD", true),
        ("POST", 301, "GET", false), ("POST", 302, "GET", false), ("POST", 303, "GET", false),
        ("POST", 307, "POST", true), ("POST", 308, "POST", true),
        ("PUT", 301, "PUT", true), ("PUT", 302, "PUT", true), ("PUT", 303, "GET", false),
        ("PUT", 307, "PUT", true), ("PUT", 308, "PUT", true),
        ("PATCH", 301, "PATCH", true), ("PATCH", 302, "PATCH", true), ("PATCH", 303, "GET", false),
        ("PATCH", 307, "PATCH", true), ("PATCH", 308, "PATCH", true),
        ("DELETE", 301, "DELETE", true), ("DELETE", 302, "DELETE", true),
        ("DELETE", 303, "GET", false), ("DELETE", 307, "DELETE", true),
        ("DELETE", 308, "DELETE", true),
        ("OPTIONS", 301, "OPTIONS", true), ("OPTIONS", 302, "OPTIONS", true),
        ("OPTIONS", 303, "GET", false), ("OPTIONS", 307, "OPTIONS", true),
        ("OPTIONS", 308, "OPTIONS", true),
    ];

    [Test]
    public void Each_method_and_status_has_its_next_method_content_and_fields(
        [Values] bool isOtherOrigin, [Values("none", "once", "again")] string content)
    {
        foreach ((string method, int status, string expected, bool keepsContent) in s_table)
        {
            string what = $"{method} {status}";
            ClientRequest request = Make(method, content);
            string location = isOtherOrigin ? "http://other/x" : "/x";
            if (keepsContent && content == "once")
            {
                Assert.That(
                    () => Redirects.Next(request, s_url, status, location),
                    Throws.TypeOf<ClientRedirectException>().With.Message.Contains("CanResend"),
                    what);
                continue;
            }

            ClientRedirect next = Redirects.Next(request, s_url, status, location)!;
            string[] names = [.. next.Request.Headers.Select(field => field.Key)];
            string[] fields =
            [
                "Accept", "X-Trace",
                .. keepsContent ? new[] { "Content-Language", "content-range", "Digest" } : [],
                .. isOtherOrigin ? [] : new[] { "authorization", "Cookie", "Host" },
            ];
            Assert.Multiple(() =>
            {
                Assert.That(next.Request.Method, Is.EqualTo(expected), what);
                Assert.That(
                    next.Request.Content, Is.SameAs(keepsContent ? request.Content : null), what);
                Assert.That(next.Request.ExpectsContinue, Is.EqualTo(keepsContent), what);
                Assert.That(next.Request.Timeout, Is.EqualTo(request.Timeout), what);
                Assert.That(next.Request.Url, Is.EqualTo(next.Url.ToString()), what);
                Assert.That(
                    next.Url.ToString(),
                    Is.EqualTo(isOtherOrigin ? "http://other/x" : "http://a/x"), what);
                Assert.That(names, Is.EquivalentTo(fields), what);
            });
        }
    }

    [TestCase("http://a/x", true)]
    [TestCase("http://A:80/x", true)]
    [TestCase("//a/x", true)]
    [TestCase("x", true)]
    [TestCase("http://a:81/x", false)]
    [TestCase("http://a.a/x", false)]
    [TestCase("http://a./x", false)]
    [TestCase("//b", false)]
    public void Another_host_or_port_is_another_origin(string location, bool isSame)
    {
        ClientRedirect next = Redirects.Next(Make("GET", "none"), s_url, 302, location)!;
        Assert.That(
            next.Request.Headers.Any(field => field.Key == "authorization"), Is.EqualTo(isSame));
    }

    [Test]
    public void Dropped_credentials_stay_dropped_when_a_redirect_leads_back()
    {
        ClientRedirect away = Redirects.Next(Make("GET", "none"), s_url, 302, "http://evil/")!;
        ClientRedirect back = Redirects.Next(away.Request, away.Url, 302, "http://a/")!;
        Assert.That(
            back.Request.Headers.Select(field => field.Key),
            Is.EquivalentTo(["Accept", "X-Trace", "Content-Language", "content-range", "Digest"]));
    }

    [TestCase("/x", "http://a/x#f")]
    [TestCase("/x#g", "http://a/x#g")]
    [TestCase("http://b/", "http://b/#f")]
    [TestCase("", "http://a/b/c?q#f")]
    [TestCase("x?ä b", "http://a/b/x?%C3%A4%20b#f")]
    public void A_redirect_without_a_fragment_inherits_it(string location, string expected)
    {
        ClientRedirect next = Redirects.Next(
            new("GET", "/"), s_url.WithFragment("#f"), 301, location)!;
        Assert.That(next.Url.ToString(), Is.EqualTo(expected));
    }

    [TestCase(200)]
    [TestCase(201)]
    [TestCase(300)]
    [TestCase(304)]
    [TestCase(305)]
    [TestCase(306)]
    [TestCase(309)]
    [TestCase(404)]
    public void Another_status_is_no_redirect(int status) =>
        Assert.That(Redirects.Next(new("GET", "/"), s_url, status, "/x"), Is.Null);

    [Test]
    public void A_response_without_a_location_is_not_followed() =>
        Assert.That(Redirects.Next(new("GET", "/"), s_url, 302, location: null), Is.Null);

    [TestCase("https://a/", "https:")]
    [TestCase("ftp://a/", "http:")]
    [TestCase("javascript:alert(1)", "http:")]
    [TestCase("http://u:p@a/", "user information")]
    [TestCase("http:///", "no host")]
    [TestCase("/a\u0001", "control")]
    public void A_location_that_cannot_be_requested_is_an_error(string location, string hint) =>
        Assert.That(
            () => Redirects.Next(new("GET", "/"), s_url, 302, location),
            Throws.TypeOf<ClientRedirectException>().With.Message.Contains(hint));

    [Test]
    public void A_location_is_read_as_UTF_8_or_else_as_Latin_1() => Assert.Multiple(() =>
    {
        Assert.That(TargetOf("Location: /\u00C3\u00A4\r\n"), Is.EqualTo("/%C3%A4"));
        Assert.That(TargetOf("Location: /\u00E4\r\n"), Is.EqualTo("/%C3%A4"));
    });

    [Test]
    public void Two_locations_must_agree() => Assert.Multiple(() =>
    {
        Assert.That(TargetOf("Location: /x\r\nLocation: /x\r\n"), Is.EqualTo("/x"));
        Assert.That(
            () => TargetOf("Location: /x\r\nLocation: /y\r\n"),
            Throws.TypeOf<ClientRedirectException>());
        Assert.That(TargetOf("Location: /x\r\nLocation: /y\r\n", 201), Is.Null, "no redirect");
    });

    private static string? TargetOf(string fields, int status = 302)
    {
        byte[] text = Encoding.Latin1.GetBytes(
            $"HTTP/1.1 {status} X\r\n{fields}Content-Length: 0\r\n\r\n");
        var parser = new ResponseParser(ParserLimits.Tolerant);
        var head = new ResponseHead();
        try
        {
            parser.Parse(new(text), head, out _);
            return Redirects.Next(
                new("GET", "/"), s_url, head.Status, ClientResponseHeaders.Of(head))?.Url.Target;
        }
        finally
        {
            head.Release();
        }
    }

    private static ClientRequest Make(string method, string content)
    {
        var request = new ClientRequest(method, "http://a/b/c?q")
        {
            Content = content == "none" ? null : new StubContent(content == "again"),
            ExpectsContinue = true,
            Timeout = TimeSpan.FromSeconds(7),
        };
        request.Headers.Add("Accept", "*/*");
        request.Headers.Add("X-Trace", "1");
        request.Headers.Add("authorization", "Bearer t");
        request.Headers.Add("Cookie", "a=b");
        request.Headers.Add("Host", "virtual");
        request.Headers.Add("Content-Language", "de");
        request.Headers.Add("content-range", "bytes 0-1/2");
        request.Headers.Add("Digest", "x");
        return request;
    }
}

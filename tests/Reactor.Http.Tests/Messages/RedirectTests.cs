using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Where a redirect leads: a path stays on its host whatever a client made it of, and no byte of it
/// begins a line (RFC 9112 11.1; the open redirect of aiohttp, CVE-2021-21330).
/// </summary>
public class RedirectTests
{
    [TestCase("/here", "/here")]
    [TestCase("/", "/")]
    [TestCase("here/and/there", "here/and/there")]
    [TestCase("?page=2", "?page=2")]
    [TestCase("#top", "#top")]
    [TestCase("/a?b=c&d=%20#e", "/a?b=c&d=%20#e")]
    [TestCase("https://example.org:8443/a", "https://example.org:8443/a")]
    [TestCase("http://[::1]/", "http://[::1]/")]
    [TestCase("/a%2Fb", "/a%2Fb")]
    [TestCase("/a%", "/a%25")]
    [TestCase("/a%zz", "/a%25zz")]
    [TestCase("/über uns", "/%C3%BCber%20uns")]
    [TestCase("/\U0001F600", "/%F0%9F%98%80")]
    [TestCase("/a\"<>^`{|}", "/a%22%3C%3E%5E%60%7B%7C%7D")]
    [TestCase("/a:b", "/a:b")]
    [TestCase("./a:b", "./a:b")]
    public void H95_a_location_is_encoded_once(string location, string sent) =>
        AssertLocation(location, sent);

    [TestCase("//evil.test", "/evil.test")]
    [TestCase("///evil.test", "/evil.test")]
    [TestCase("/\\evil.test", "/evil.test")]
    [TestCase("\\\\evil.test", "/evil.test")]
    [TestCase("\\/evil.test", "/evil.test")]
    [TestCase("/a\\b", "/a%5Cb")]
    [TestCase("/\t/evil.test", "/%09/evil.test")]
    [TestCase(" //evil.test", "%20//evil.test")]
    [TestCase("\u0000//evil.test", "%00//evil.test")]
    [TestCase("https://good.test//a", "https://good.test/a")]
    [TestCase("https://good.test\\@evil.test", "https://good.test/@evil.test")]
    public void H95_a_path_never_becomes_another_host(string location, string sent) =>
        AssertLocation(location, sent);

    [TestCase("/a\r\nSet-Cookie: b=c", "/a%0D%0ASet-Cookie:%20b=c")]
    [TestCase("/a\nb", "/a%0Ab")]
    [TestCase("/a\0b", "/a%00b")]
    [TestCase("/a\u010a", "/a%C4%8A")]
    public void H93_nothing_in_a_location_begins_a_line(string location, string sent) =>
        AssertLocation(location, sent);

    [TestCase("")]
    [TestCase("javascript:alert(1)")]
    [TestCase("data:text/html,x")]
    [TestCase("ftp://example.org/")]
    [TestCase("http:/evil.test")]
    [TestCase("http:\\\\evil.test")]
    [TestCase("https://")]
    [TestCase("https:///evil.test")]
    [TestCase("https://good.test@evil.test/")]
    [TestCase("https://ev il.test/")]
    public void H95_what_is_neither_a_path_nor_a_uri_of_http_is_refused(string location) =>
        Assert.That(() => Response.Redirect(location), Throws.ArgumentException);

    [TestCase(301)]
    [TestCase(302)]
    [TestCase(303)]
    [TestCase(307)]
    [TestCase(308)]
    public void The_status_can_be_chosen(int status) =>
        Assert.That(Response.Redirect("/", status).Status, Is.EqualTo(status));

    [TestCase(200)]
    [TestCase(300)]
    [TestCase(304)]
    [TestCase(404)]
    public void A_status_that_is_no_redirect_is_refused(int status) => Assert.That(
        () => Response.Redirect("/", status), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static void AssertLocation(string location, string sent)
    {
        using var server = new ServerFixture(
            app => app.OnGet("/", _ => Response.Redirect(location)));
        RawAnswer answer = server.Ask(Get("/"));

        Assert.That((answer.Status, answer["Location"]), Is.EqualTo((302, sent)));
        Assert.That(answer["Set-Cookie"], Is.Null);
    }
}

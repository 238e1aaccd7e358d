using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Cookies that a response sets (RFC 6265 4.1.1): every part keeps to its grammar, so that none can
/// add an attribute, a cookie or a field.
/// </summary>
public class CookieTests
{
    [Test]
    public void H94_the_defaults_are_the_careful_ones() => AssertCookie(
        response => response.SetCookie("id", "a1"), "id=a1; Path=/; HttpOnly; SameSite=Lax");

    [Test]
    public void H94_every_attribute_can_be_set() => AssertCookie(
        response => response.SetCookie("id", "", new CookieOptions
        {
            Domain = "example.org",
            Path = "/a b",
            MaxAge = TimeSpan.FromSeconds(90.9),
            Expires = new DateTimeOffset(1994, 11, 6, 8, 49, 37, TimeSpan.Zero),
            IsSecure = true,
            IsHttpOnly = false,
            SameSite = SameSite.None,
        }),
        "id=; Domain=example.org; Path=/a b; Max-Age=90; "
        + "Expires=Sun, 06 Nov 1994 08:49:37 GMT; Secure; SameSite=None");

    [Test]
    public void H94_a_cookie_that_should_go_has_no_age() => AssertCookie(
        response => response.SetCookie("id", "x", new CookieOptions
        {
            Path = null,
            MaxAge = TimeSpan.FromSeconds(-5),
            IsHttpOnly = false,
            SameSite = SameSite.Unset,
        }),
        "id=x; Max-Age=0");

    [TestCase("")]
    [TestCase("a b")]
    [TestCase("a=b")]
    [TestCase("a;b")]
    [TestCase("a\r\nb")]
    [TestCase("é")]
    public void H94_a_name_is_a_token(string name) =>
        Assert.That(() => new Response().SetCookie(name, "x"), Throws.ArgumentException);

    [TestCase("a;b")]
    [TestCase("a; Domain=evil")]
    [TestCase("a,b")]
    [TestCase("a b")]
    [TestCase("\"a\"")]
    [TestCase("a\\b")]
    [TestCase("a\r\nSet-Cookie: b=c")]
    [TestCase("a\tb")]
    [TestCase("a\u007f")]
    [TestCase("é")]
    public void H94_a_value_is_cookie_octets(string value) =>
        Assert.That(() => new Response().SetCookie("a", value), Throws.ArgumentException);

    [Test]
    public void H94_every_cookie_octet_is_taken()
    {
        string octets = string.Concat(Enumerable.Range(0x21, 0x5E).Select(c => (char)c)
            .Where(c => c is not ('"' or ',' or ';' or '\\')));

        Assert.That(octets, Has.Length.EqualTo(90), "VCHAR without four (RFC 6265 4.1.1)");
        Assert.That(() => new Response().SetCookie("a", octets), Throws.Nothing);
    }

    [TestCase("/;x")]
    [TestCase("/\r\nx")]
    [TestCase("/é")]
    public void H94_an_attribute_has_no_semicolon_and_no_control(string text)
    {
        Assert.That(
            () => new Response().SetCookie("a", "b", new CookieOptions { Path = text }),
            Throws.ArgumentException);
        Assert.That(
            () => new Response().SetCookie("a", "b", new CookieOptions { Domain = text }),
            Throws.ArgumentException);
    }

    [Test]
    public void H94_what_browsers_would_drop_without_a_word_is_an_error()
    {
        CookieOptions[] bad =
        [
            new() { SameSite = SameSite.None },
        ];
        foreach (CookieOptions options in bad)
        {
            Assert.That(
                () => new Response().SetCookie("a", "b", options), Throws.ArgumentException);
        }

        var secure = new CookieOptions { IsSecure = true };
        Assert.That(() => new Response().SetCookie("__Secure-a", "b"), Throws.ArgumentException);
        Assert.That(() => new Response().SetCookie("__Host-a", "b"), Throws.ArgumentException);
        Assert.That(() => new Response().SetCookie("__Host-a", "b", secure), Throws.Nothing);
        Assert.That(
            () => new Response().SetCookie("__Host-a", "b", secure with { Domain = "x" }),
            Throws.ArgumentException);
        Assert.That(
            () => new Response().SetCookie("__Host-a", "b", secure with { Path = "/x" }),
            Throws.ArgumentException);
    }

    private static void AssertCookie(Action<Response> set, string sent)
    {
        using var server = new ServerFixture(app => app.OnGet("/", _ =>
        {
            var response = new Response();
            set(response);
            return response;
        }));

        Assert.That(server.Ask(Get("/"))["Set-Cookie"], Is.EqualTo(sent));
    }
}

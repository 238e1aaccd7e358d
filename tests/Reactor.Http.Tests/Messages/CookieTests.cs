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

    [Test]
    public void H94_a_cookie_that_is_set_again_is_sent_once() => AssertCookies(
        response =>
        {
            response.SetCookie("id", "old");
            response.SetCookie("other", "x");
            response.SetCookie("id", "new");
        },
        "other=x; Path=/; HttpOnly; SameSite=Lax", "id=new; Path=/; HttpOnly; SameSite=Lax");

    // RFC 6265 5.3, 11: name, domain and path are what tells cookies apart.
    [Test]
    public void H94_cookies_that_differ_in_name_domain_or_path_all_stay()
    {
        var plain = new CookieOptions { IsHttpOnly = false, SameSite = SameSite.Unset };
        AssertCookies(
            response =>
            {
                response.SetCookie("id", "1", plain);
                response.SetCookie("ID", "2", plain);
                response.SetCookie("id", "3", plain with { Domain = "a.test" });
                response.SetCookie("id", "4", plain with { Path = "/A" });
                response.SetCookie("id", "5", plain with { Path = "/a" });
                response.SetCookie("id", "6", plain with { Path = null });
                response.SetCookie("id", "7", plain with { Domain = ".A.TEST" });
            },
            "id=1; Path=/", "ID=2; Path=/", "id=4; Path=/A", "id=5; Path=/a", "id=6",
            "id=7; Domain=.A.TEST; Path=/");
    }

    [Test]
    public void H94_a_cookie_that_was_added_as_a_field_is_replaced_too() => AssertCookies(
        response =>
        {
            response.Headers.Add("set-cookie", "id=1;path=/;secure");
            response.Headers.Add("Set-Cookie", "id=2; Path=/a");
            response.SetCookie("id", "3");
        },
        "id=2; Path=/a", "id=3; Path=/; HttpOnly; SameSite=Lax");

    [Test]
    public void H94_a_deleted_cookie_is_one_of_the_past() => AssertCookies(
        response =>
        {
            response.SetCookie("id", "x");
            response.DeleteCookie("id");
            response.DeleteCookie(
                "__Host-s", new CookieOptions { IsSecure = true, MaxAge = TimeSpan.FromDays(1) });
        },
        "id=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; SameSite=Lax",
        "__Host-s=; Path=/; Max-Age=0; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Secure; HttpOnly; "
        + "SameSite=Lax");

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
        var insecure = new CookieOptions { SameSite = SameSite.None };
        Assert.That(
            () => new Response().SetCookie("a", "b", insecure), Throws.ArgumentException);

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

    private static void AssertCookie(Action<Response> set, string sent) => AssertCookies(set, sent);

    private static void AssertCookies(Action<Response> set, params string[] sent)
    {
        using var server = new ServerFixture(app => app.OnGet("/", _ =>
        {
            var response = new Response();
            set(response);
            return response;
        }));

        Assert.That(server.Ask(Get("/")).All("Set-Cookie"), Is.EqualTo(sent));
    }
}

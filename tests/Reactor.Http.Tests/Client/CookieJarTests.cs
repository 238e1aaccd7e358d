namespace Reactor.Http.Tests.Client;

/// <summary>Which cookies a request carries (RFC 6265 5 and RFC 6265bis).</summary>
/// <remarks>
/// Python's http.cookiejar is no reference: it has the rules of RFC 2965 and of Netscape, which
/// differ in domains, paths and dates.
/// </remarks>
public sealed class CookieJarTests
{
    private DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private CookieJar _jar = null!;

    [SetUp]
    public void MakeJar() => _jar = new CookieJar(() => _now);

    // Set by, value of the field, request to, value of Cookie; the first are those of RFC 6265 3.1.
    [TestCase("http://example.com/", "SID=31d4d96e407aad42", "http://example.com/x",
        "SID=31d4d96e407aad42")]
    [TestCase("http://example.com/", "SID=31d4; Path=/; Domain=example.com",
        "http://www.example.com/", "SID=31d4")]
    [TestCase("http://example.com/", "lang=en-US; Expires=Wed, 09 Jun 2027 10:18:14 GMT",
        "http://example.com/", "lang=en-US")]
    [TestCase("http://example.com/", "lang=; Expires=Sun, 06 Nov 1994 08:49:37 GMT",
        "http://example.com/", null)]
    // The domain, 5.1.3 and 5.2.3.
    [TestCase("http://example.com/", "a=b", "http://www.example.com/", null)]
    [TestCase("http://example.com/", "a=b", "http://EXAMPLE.com:81/", "a=b")]
    [TestCase("http://www.example.com/", "a=b; domain=.EXAMPLE.com", "http://example.com/", "a=b")]
    [TestCase("http://www.example.com/", "a=b; Domain=example.com", "http://badexample.com/", null)]
    [TestCase("http://example.com/", "a=b; Domain=www.example.com", "http://www.example.com/",
        null)]
    [TestCase("http://example.com/", "a=b; Domain=other.com", "http://other.com/", null)]
    [TestCase("http://example.com/", "a=b; Domain=com", "http://example.com/", null)]
    [TestCase("http://example.com./", "a=b; Domain=com.", "http://other.com./", null)]
    [TestCase("http://example.com/", "a=b; Domain=", "http://example.com/", "a=b")]
    [TestCase("http://example.com/", "a=b; Domain=", "http://www.example.com/", null)]
    [TestCase("http://example.com/", "a=b; Domain=x.org; Domain=example.com",
        "http://example.com/", "a=b")]
    [TestCase("http://localhost/", "a=b; Domain=localhost", "http://localhost/", "a=b")]
    [TestCase("http://localhost/", "a=b; Domain=localhost", "http://x.localhost/", null)]
    [TestCase("http://127.0.0.1/", "a=b; Domain=127.0.0.1", "http://127.0.0.1/", "a=b")]
    [TestCase("http://127.0.0.1/", "a=b; Domain=0.0.1", "http://127.0.0.1/", null)]
    [TestCase("http://[::1]/", "a=b", "http://[::1]:8080/", "a=b")]
    [TestCase("http://[::1]/", "a=b; Domain=::1", "http://[::1]/", "a=b")]
    [TestCase("http://bücher.example/", "a=b; Domain=xn--bcher-kva.example",
        "http://www.bücher.example/", "a=b")]
    // The path, 5.1.4.
    [TestCase("http://h/a/b", "a=b", "http://h/a/c", "a=b")]
    [TestCase("http://h/a/b", "a=b", "http://h/a", "a=b")]
    [TestCase("http://h/a/b", "a=b", "http://h/ab", null)]
    [TestCase("http://h/a/b", "a=b", "http://h/", null)]
    [TestCase("http://h/a/", "a=b", "http://h/a", "a=b")]
    [TestCase("http://h/a", "a=b", "http://h/", "a=b")]
    [TestCase("http://h?x/y", "a=b", "http://h/", "a=b")]
    [TestCase("http://h/", "a=b; Path=/a", "http://h/a/b", "a=b")]
    [TestCase("http://h/", "a=b; Path=/a", "http://h/a?q", "a=b")]
    [TestCase("http://h/", "a=b; Path=/a", "http://h/A", null)]
    [TestCase("http://h/", "a=b; Path=/a/", "http://h/a", null)]
    [TestCase("http://h/", "a=b; Path=/a/", "http://h/a/", "a=b")]
    [TestCase("http://h/", "a=b; Path=/a", "http://h/b/../a", "a=b")]
    [TestCase("http://h/", "a=b; Path=/a", "http://h/a/../b", null)]
    [TestCase("http://h/", "a=b; Path=/%7Ea", "http://h/%7Ea/b", "a=b")]
    [TestCase("http://h/x/y", "a=b; Path=relative", "http://h/x/z", "a=b")]
    [TestCase("http://h/x/y", "a=b; Path=", "http://h/", null)]
    // The time, 5.2.1 and 5.2.2.
    [TestCase("http://h/", "a=b; Max-Age=1", "http://h/", "a=b")]
    [TestCase("http://h/", "a=b; Max-Age=0", "http://h/", null)]
    [TestCase("http://h/", "a=b; Max-Age=-1", "http://h/", null)]
    [TestCase("http://h/", "a=b; Max-Age=1.5", "http://h/", "a=b")]
    [TestCase("http://h/", "a=b; Max-Age=+0", "http://h/", "a=b")]
    [TestCase("http://h/", "a=b; Max-Age=", "http://h/", "a=b")]
    [TestCase("http://h/", "a=b; Max-Age=99999999999999999999999999", "http://h/", "a=b")]
    [TestCase("http://h/", "a=b; Max-Age=-99999999999999999999999999", "http://h/", null)]
    [TestCase("http://h/", "a=b; Max-Age=9; Expires=Sun, 06 Nov 1994 08:49:37 GMT", "http://h/",
        "a=b")]
    [TestCase("http://h/", "a=b; Expires=Wed, 09 Jun 2027 10:18:14 GMT; Max-Age=0", "http://h/",
        null)]
    [TestCase("http://h/", "a=b; Expires=never", "http://h/", "a=b")]
    // Names and values, 5.2.
    [TestCase("http://h/", " a = b c ;x", "http://h/", "a=b c")]
    [TestCase("http://h/", "a=\"b\"", "http://h/", "a=\"b\"")]
    [TestCase("http://h/", "a=b=c", "http://h/", "a=b=c")]
    [TestCase("http://h/", "a=", "http://h/", "a=")]
    [TestCase("http://h/", "a=b, c=d", "http://h/", "a=b, c=d")]
    [TestCase("http://h/", "a=\u00E4", "http://h/", "a=\u00E4")]
    [TestCase("http://h/", "a=b; SameSite=Strict; HttpOnly; Unknown=1;;=;", "http://h/", "a=b")]
    // Secure and the prefixes, RFC 6265bis 5.7.
    [TestCase("http://h/", "a=b; Secure", "http://h/", null)]
    [TestCase("http://h/", "a=b; Secure", "https://h/", null)]
    [TestCase("https://h/", "a=b; Secure", "https://h/", "a=b")]
    [TestCase("https://h/", "a=b; secure=no", "http://h/", null)]
    [TestCase("https://h/", "a=b", "http://h/", "a=b")]
    [TestCase("https://h/", "__Secure-a=b; Secure", "https://h/", "__Secure-a=b")]
    [TestCase("https://h/", "__Secure-a=b", "https://h/", null)]
    [TestCase("http://h/", "__SECURE-a=b", "http://h/", null)]
    [TestCase("https://h/", "__Host-a=b; Secure; Path=/", "https://h/", "__Host-a=b")]
    [TestCase("https://h/", "__Host-a=b; Secure", "https://h/", null)]
    [TestCase("https://h/", "__Host-a=b; Secure; Path=/a", "https://h/a", null)]
    [TestCase("https://h.example/", "__host-a=b; Secure; Path=/; Domain=h.example",
        "https://h.example/", null)]
    public void A_request_carries_what_the_rules_say(
        string setBy, string field, string sentTo, string? expected)
    {
        _jar.Set(new Uri(setBy), field);
        Assert.That(_jar.Get(new Uri(sentTo)), Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("a")]
    [TestCase(";")]
    [TestCase("=")]
    [TestCase("=b")]
    [TestCase(" =b")]
    [TestCase("a;b=c")]
    [TestCase("a=b\r\nX: y")]
    [TestCase("a=b\0")]
    [TestCase("a=b; Path=/\u0001")]
    [TestCase("a=b\u007F")]
    [TestCase("a=\u0100")]
    public void What_is_no_cookie_is_ignored(string field)
    {
        _jar.Set(new Uri("http://h/"), field);
        Assert.That(_jar.Count, Is.Zero);
    }

    [Test]
    public void Longer_paths_come_first_and_then_older_cookies()
    {
        var url = new Uri("http://h/");
        string[] fields =
            ["a=1", "b=2; Path=/x/y", "c=3; Path=/x", "d=4", "a=5", "e=6; Path=/x/y"];
        foreach (string field in fields)
        {
            _jar.Set(url, field);
        }

        // The second a replaces the first and keeps its place (5.3, step 11).
        Assert.That(
            _jar.Get(new Uri("http://h/x/y/z")), Is.EqualTo("b=2; e=6; c=3; a=5; d=4"));
    }

    [Test]
    public void A_name_may_have_a_cookie_for_each_path_and_domain()
    {
        var url = new Uri("http://w.example.com/");
        _jar.Set(url, "a=1");
        _jar.Set(url, "a=2; Domain=example.com");
        _jar.Set(url, "a=3; Path=/x");
        Assert.That(_jar.Get(new Uri(url, "/x")), Is.EqualTo("a=3; a=1; a=2"));
    }

    [Test]
    public void A_cookie_ends_at_its_moment_and_an_ended_one_removes_another()
    {
        var url = new Uri("http://h/");
        _jar.Set(url, "a=b; Max-Age=10");
        _now += TimeSpan.FromSeconds(10) - TimeSpan.FromTicks(1);
        Assert.That(_jar.Get(url), Is.EqualTo("a=b"));
        _now += TimeSpan.FromTicks(1);
        Assert.That(_jar.Get(url), Is.Null);

        _jar.Set(url, "c=d");
        _jar.Set(url, "c=; Max-Age=0");
        _jar.Set(url, "a=; Max-Age=0");
        Assert.That(_jar.Count, Is.Zero);
    }

    [TestCase("http://example.com/a", "s=evil; Path=/a", 1)]
    [TestCase("http://w.example.com/a", "s=evil; Path=/a/b", 1)]
    [TestCase("http://w.example.com/", "s=evil; Path=/a; Domain=example.com", 1)]
    [TestCase("http://example.com/", "s=new; Path=/b", 2)]
    [TestCase("http://example.com/", "t=new; Path=/a", 2)]
    [TestCase("https://w.example.com/", "s=new; Path=/a", 2)]
    public void A_plain_response_does_not_hide_a_cookie_of_a_secured_one(
        string url, string field, int count)
    {
        _jar.Set(new Uri("https://example.com/"), "s=good; Secure; Path=/a; Domain=example.com");
        _jar.Set(new Uri(url), field);
        Assert.That(_jar.Count, Is.EqualTo(count));
        Assert.That(_jar.Get(new Uri("https://example.com/a/b")), Does.Contain("s=good"));
    }

    [Test]
    public void A_cookie_has_at_most_4096_bytes_and_an_attribute_1024()
    {
        var url = new Uri("http://h/");
        _jar.Set(url, "a=" + new string('x', 4095));
        Assert.That(_jar.Get(url), Has.Length.EqualTo(4097));
        _jar.Set(url, "b=" + new string('x', 4096));
        Assert.That(_jar.Count, Is.EqualTo(1));
        _jar.Clear();

        string path = "/" + new string('p', 1023);
        _jar.Set(url, "a=b; Path=" + path);
        Assert.That(_jar.Get(url), Is.Null);
        _jar.Set(url, "c=d; Path=" + path + "p");
        Assert.That(_jar.Get(url), Is.EqualTo("c=d"));
    }

    [Test]
    public void The_51st_cookie_of_a_host_removes_an_expired_one_or_the_one_not_sent_longest()
    {
        var url = new Uri("http://h/");
        for (int i = 0; i < CookieJar.HostCookiesMax; i++)
        {
            _jar.Set(url, $"c{i}=v; Path=/{i}" + (i == 20 ? "; Max-Age=5" : ""));
        }

        Assert.That(_jar.Count, Is.EqualTo(50));
        _now += TimeSpan.FromSeconds(5);
        _jar.Set(url, "new1=v");
        Assert.That(_jar.Count, Is.EqualTo(50));
        Assert.That(_jar.Get(new Uri("http://h/0")), Is.EqualTo("c0=v; new1=v"));

        // c0 was sent just now, so c1 is the one.
        _jar.Set(url, "new2=v");
        Assert.Multiple(() =>
        {
            Assert.That(_jar.Count, Is.EqualTo(50));
            Assert.That(_jar.Get(new Uri("http://h/1")), Is.EqualTo("new1=v; new2=v"));
            Assert.That(_jar.Get(new Uri("http://h/0")), Is.EqualTo("c0=v; new1=v; new2=v"));
        });
    }

    [Test]
    public void The_3001st_cookie_removes_one_of_the_host_with_the_most()
    {
        for (int host = 0; host < 74; host++)
        {
            FillHost($"http://h{host}/", host == 7 ? 50 : 40);
        }

        FillHost("http://rest/", 30);
        Assert.That(_jar.Count, Is.EqualTo(CookieJar.CookiesMax));
        _jar.Set(new Uri("http://new/"), "a=b");
        Assert.Multiple(() =>
        {
            Assert.That(_jar.Count, Is.EqualTo(CookieJar.CookiesMax));
            Assert.That(_jar.Get(new Uri("http://new/")), Is.EqualTo("a=b"));
            Assert.That(CountOf("http://h7/"), Is.EqualTo(49));
            Assert.That(_jar.Get(new Uri("http://h7/")), Does.StartWith("c1="));
        });
    }

    [Test]
    public void A_request_carries_at_most_32_KiB()
    {
        var url = new Uri("http://h/");
        for (int i = 0; i < 10; i++)
        {
            _jar.Set(url, $"c{i}=" + new string('x', 4000));
        }

        // 8 cookies of 4,003 bytes and 7 separators are 32,038 bytes; another would be too much.
        Assert.That(_jar.Get(url), Has.Length.EqualTo(32_038));
    }

    [Test]
    public void Only_an_absolute_url_has_cookies()
    {
        var relative = new Uri("/a", UriKind.Relative);
        Assert.Multiple(() =>
        {
            Assert.That(() => _jar.Get(relative), Throws.ArgumentException);
            Assert.That(() => _jar.Set(relative, "a=b"), Throws.ArgumentException);
        });
    }

    private void FillHost(string url, int count)
    {
        for (int i = 0; i < count; i++)
        {
            _jar.Set(new Uri(url), $"c{i}=v");
        }
    }

    private int CountOf(string url) => _jar.Get(new Uri(url))?.Split("; ").Length ?? 0;
}

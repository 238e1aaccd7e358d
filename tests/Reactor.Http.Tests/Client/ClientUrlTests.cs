namespace Reactor.Http.Tests.Client;

/// <summary>What a URL becomes on the wire, and which URLs are refused.</summary>
public sealed class ClientUrlTests
{
    [TestCase("http://example.com", "example.com", 80, "example.com", "/")]
    [TestCase("HTTP://EXAMPLE.com/A", "example.com", 80, "example.com", "/A")]
    [TestCase("http://example.com:80/", "example.com", 80, "example.com", "/")]
    [TestCase("http://example.com:/", "example.com", 80, "example.com", "/")]
    [TestCase("http://example.com:8080/", "example.com", 8080, "example.com:8080", "/")]
    [TestCase("http://example.com:65535/", "example.com", 65535, "example.com:65535", "/")]
    [TestCase("http://example.com./", "example.com.", 80, "example.com.", "/")]
    [TestCase("http://my_service:1", "my_service", 1, "my_service:1", "/")]
    [TestCase("http://_http._tcp.a:1", "_http._tcp.a", 1, "_http._tcp.a:1", "/")]
    [TestCase("http://127.0.0.1:9/", "127.0.0.1", 9, "127.0.0.1:9", "/")]
    [TestCase("http://127.0.0.1./", "127.0.0.1", 80, "127.0.0.1", "/")]
    [TestCase("http://[::1]/", "::1", 80, "[::1]", "/")]
    [TestCase("http://[0:0::1]:81/", "::1", 81, "[::1]:81", "/")]
    [TestCase("http://[2001:DB8::A]", "2001:db8::a", 80, "[2001:db8::a]", "/")]
    [TestCase("http://bücher.example/", "xn--bcher-kva.example", 80, "xn--bcher-kva.example", "/")]
    [TestCase("http://BÜCHER.example/", "xn--bcher-kva.example", 80, "xn--bcher-kva.example", "/")]
    [TestCase("http://例え。テスト/", "xn--r8jz45g.xn--zckzah", 80, "xn--r8jz45g.xn--zckzah", "/")]
    [TestCase("http://h?q", "h", 80, "h", "/?q")]
    [TestCase("http://h#f", "h", 80, "h", "/")]
    [TestCase("  http://h/a  ", "h", 80, "h", "/a")]
    public void A_url_has_an_origin_an_authority_and_a_target(
        string text, string host, int port, string authority, string target)
    {
        var url = ClientUrl.Parse(text, null);
        Assert.Multiple(() =>
        {
            Assert.That(url.Origin, Is.EqualTo(new ClientOrigin(host, port)));
            Assert.That(url.Authority, Is.EqualTo(authority));
            Assert.That(url.Target, Is.EqualTo(target));
            Assert.That(url.AbsoluteTarget, Is.EqualTo($"http://{authority}{target}"));
        });
    }

    [TestCase("/a b", "/a%20b")]
    [TestCase("/ä?ö#ü", "/%C3%A4?%C3%B6")]
    [TestCase("/💡", "/%F0%9F%92%A1")]
    [TestCase("/%7e%2F%2f%zz", "/%7e%2F%2f%25zz")]
    [TestCase("/100%", "/100%25")]
    [TestCase("/a\\b", "/a%5Cb")]
    [TestCase("/\"<>^`{|}[]", "/%22%3C%3E%5E%60%7B%7C%7D%5B%5D")]
    [TestCase("/!$&'()*+,;=:@-._~", "/!$&'()*+,;=:@-._~")]
    [TestCase("/?a=b&c=d/e?f", "/?a=b&c=d/e?f")]
    [TestCase("/?a[]=1 2", "/?a%5B%5D=1%202")]
    [TestCase("/?", "/?")]
    [TestCase("/a/../b/./c", "/b/c")]
    [TestCase("/../../a", "/a")]
    [TestCase("/a/..", "/")]
    [TestCase("/a/.", "/a/")]
    [TestCase("/a/%2e%2e/b", "/a/%2e%2e/b")]
    [TestCase("/a//b/..", "/a//")]
    [TestCase("//a", "//a")]
    [TestCase("/?x=/../y", "/?x=/../y")]
    public void A_target_keeps_its_escapes_and_escapes_what_may_not_be_in_it(
        string given, string sent) =>
        Assert.That(ClientUrl.Parse("http://h" + given, null).Target, Is.EqualTo(sent));

    // RFC 3986 5.4.1 and 5.4.2, base http://a/b/c/d;p?q, for a strict parser; without "g:h" and
    // "http:g", which have no host.
    [TestCase("g", "http://a/b/c/g")]
    [TestCase("./g", "http://a/b/c/g")]
    [TestCase("g/", "http://a/b/c/g/")]
    [TestCase("/g", "http://a/g")]
    [TestCase("//g", "http://g/")]
    [TestCase("?y", "http://a/b/c/d;p?y")]
    [TestCase("g?y", "http://a/b/c/g?y")]
    [TestCase("#s", "http://a/b/c/d;p?q#s")]
    [TestCase("g#s", "http://a/b/c/g#s")]
    [TestCase("g?y#s", "http://a/b/c/g?y#s")]
    [TestCase(";x", "http://a/b/c/;x")]
    [TestCase("g;x", "http://a/b/c/g;x")]
    [TestCase("g;x?y#s", "http://a/b/c/g;x?y#s")]
    [TestCase("", "http://a/b/c/d;p?q")]
    [TestCase(".", "http://a/b/c/")]
    [TestCase("./", "http://a/b/c/")]
    [TestCase("..", "http://a/b/")]
    [TestCase("../", "http://a/b/")]
    [TestCase("../g", "http://a/b/g")]
    [TestCase("../..", "http://a/")]
    [TestCase("../../", "http://a/")]
    [TestCase("../../g", "http://a/g")]
    [TestCase("../../../g", "http://a/g")]
    [TestCase("../../../../g", "http://a/g")]
    [TestCase("/./g", "http://a/g")]
    [TestCase("/../g", "http://a/g")]
    [TestCase("g.", "http://a/b/c/g.")]
    [TestCase(".g", "http://a/b/c/.g")]
    [TestCase("g..", "http://a/b/c/g..")]
    [TestCase("..g", "http://a/b/c/..g")]
    [TestCase("./../g", "http://a/b/g")]
    [TestCase("./g/.", "http://a/b/c/g/")]
    [TestCase("g/./h", "http://a/b/c/g/h")]
    [TestCase("g/../h", "http://a/b/c/h")]
    [TestCase("g;x=1/./y", "http://a/b/c/g;x=1/y")]
    [TestCase("g;x=1/../y", "http://a/b/c/y")]
    [TestCase("g?y/./x", "http://a/b/c/g?y/./x")]
    [TestCase("g?y/../x", "http://a/b/c/g?y/../x")]
    [TestCase("g#s/./x", "http://a/b/c/g#s/./x")]
    [TestCase("g#s/../x", "http://a/b/c/g#s/../x")]
    public void A_reference_is_resolved_as_the_examples_of_RFC_3986(
        string reference, string expected)
    {
        const string Base = "http://a/b/c/d;p?q";
        Assert.Multiple(() =>
        {
            Assert.That(
                ClientUrl.Parse(reference, new Uri(Base)).ToString(), Is.EqualTo(expected));
            Assert.That(
                ClientUrl.Parse(Base, null).Resolve(reference).ToString(), Is.EqualTo(expected));
        });
    }

    [TestCase("https://h/")]
    [TestCase("HTTPS://h/")]
    public void Https_is_refused_in_one_sentence(string text) => Assert.That(
        () => ClientUrl.Parse(text, null),
        Throws.TypeOf<ClientUrlException>().With.Message.EqualTo(ClientUrl.NoTls));

    [TestCase("http://u:secret@h/", "Authorization")]
    [TestCase("http://good@evil/", "Authorization")]
    [TestCase("http://", "no host")]
    [TestCase("http:///a", "no host")]
    [TestCase("http:/a", "no host")]
    [TestCase("http:g", "no host")]
    [TestCase("http://:80/", "no host")]
    [TestCase("ftp://h/", "http://")]
    [TestCase("g:h", "http://")]
    [TestCase("localhost:8080/a", "http://")]
    [TestCase("/a", "BaseAddress")]
    [TestCase("//h/a", "BaseAddress")]
    [TestCase("", "BaseAddress")]
    [TestCase("http://h:0/", "1 to 65535")]
    [TestCase("http://h:65536/", "1 to 65535")]
    [TestCase("http://h:99999999999/", "1 to 65535")]
    [TestCase("http://h:8a/", "1 to 65535")]
    [TestCase("http://h:-1/", "1 to 65535")]
    [TestCase("http://a b/", "letters")]
    [TestCase("http://a\\b/", "letters")]
    [TestCase("http://%68/", "letters")]
    [TestCase("http://a..b/", "letters")]
    [TestCase("http://./", "letters")]
    [TestCase("http://a,b/", "letters")]
    [TestCase("http://a\u3002\u3002b/", "letters")]
    [TestCase("http://9._/", "System.Uri")]
    [TestCase("http://1.-a:81/", "System.Uri")]
    [TestCase("http://a.b.-./", "System.Uri")]
    [TestCase("http://[::1/", "brackets")]
    [TestCase("http://[::1]x/", "brackets")]
    [TestCase("http://[::1]::/", "brackets")]
    [TestCase("http://[::1]:80:81/", "brackets")]
    [TestCase("http://[fe80::1%25eth0]/", "brackets")]
    [TestCase("http://[127.0.0.1]/", "brackets")]
    [TestCase("http://127.1/", "four")]
    [TestCase("http://2130706433/", "four")]
    [TestCase("http://0x7f.1/", "four")]
    [TestCase("http://0x7F000001/", "four")]
    [TestCase("http://0177.0.0.1/", "four")]
    [TestCase("http://1.2.3.256/", "four")]
    [TestCase("http://1.2.3.4.5/", "four")]
    [TestCase("http://h/\r\nX: y", "control")]
    [TestCase("http://h/a\tb", "control")]
    [TestCase("http://h\n/", "control")]
    [TestCase("http://h/\0", "control")]
    [TestCase("http://h/\u007F", "control")]
    public void A_url_that_cannot_be_requested_is_refused_with_what_to_do(
        string text, string hint) => Assert.That(
            () => ClientUrl.Parse(text, null),
            Throws.TypeOf<ClientUrlException>().With.Message.Contains(hint)
                .And.Message.Not.Contains("secret"));

    [Test]
    public void A_label_may_have_63_characters_and_a_name_253()
    {
        string label = new('a', 63);
        string name = string.Join('.', Enumerable.Repeat(label, 3)) + "." + new string('a', 61);
        Assert.Multiple(() =>
        {
            Assert.That(name, Has.Length.EqualTo(253));
            Assert.That(ClientUrl.Parse($"http://{name}/", null).Authority, Is.EqualTo(name));
            Assert.That(
                () => ClientUrl.Parse($"http://{name}a/", null),
                Throws.TypeOf<ClientUrlException>());
            Assert.That(
                () => ClientUrl.Parse($"http://{label}a/", null),
                Throws.TypeOf<ClientUrlException>());
        });
    }

    [Test]
    public void A_base_with_user_information_or_https_is_refused_too() => Assert.Multiple(() =>
    {
        Assert.That(
            () => ClientUrl.Parse("/a", new Uri("http://u:p@h/")),
            Throws.TypeOf<ClientUrlException>());
        Assert.That(
            () => ClientUrl.Parse("/a", new Uri("https://h/")),
            Throws.TypeOf<ClientUrlException>().With.Message.EqualTo(ClientUrl.NoTls));
        Assert.That(
            () => ClientUrl.Parse("/a", new Uri("b", UriKind.Relative)),
            Throws.TypeOf<ClientUrlException>());
    });

    [Test]
    public void The_uri_of_a_url_has_the_text_that_was_sent()
    {
        Uri uri = ClientUrl.Parse("http://h/%7ea%2Fb c?d#e", null).ToUri();
        Assert.Multiple(() =>
        {
            Assert.That(uri.OriginalString, Is.EqualTo("http://h/%7ea%2Fb%20c?d#e"));
            Assert.That(uri.Fragment, Is.EqualTo("#e"));
        });
    }
}

namespace Reactor.Http.Tests.Client;

/// <summary>
/// The address and the credentials of a proxy: what is refused, what goes on the wire (RFC 7617),
/// and that a password is never shown.
/// </summary>
public sealed class ClientProxyTests
{
    [TestCase("http://proxy:3128", "proxy", 3128)]
    [TestCase("HTTP://Proxy", "proxy", 80)]
    [TestCase("http://proxy/", "proxy", 80)]
    [TestCase("http://[2001:db8::1]:8080", "2001:db8::1", 8080)]
    [TestCase("http://bücher.example", "xn--bcher-kva.example", 80)]
    public void The_host_and_the_port_are_those_of_the_address(string url, string host, int port) =>
        Assert.That(new ClientProxy(url).Origin, Is.EqualTo(new ClientOrigin(host, port)));

    [TestCase("")]
    [TestCase("proxy:3128")]
    [TestCase("https://proxy")]
    [TestCase("socks5://proxy")]
    [TestCase("http://proxy/path")]
    [TestCase("http://proxy/?query")]
    [TestCase("http://proxy/#fragment")]
    [TestCase("/proxy")]
    public void Anything_but_an_http_address_of_a_host_is_refused(string url) =>
        Assert.That(
            () => new ClientProxy(url),
            Throws.TypeOf<ClientUrlException>().With.Message.Contains("http://HOST:PORT"));

    [TestCase("http://user:secret@proxy")]
    [TestCase("user:secret@proxy:3128")] // as in environment variables
    [TestCase("http://user:secret@proxy:99999")]
    [TestCase("http://user:secret@")]
    [TestCase("https://user:secret@proxy/path")]
    public void Credentials_in_the_address_are_refused_and_not_quoted(string url) =>
        Assert.That(
            () => new ClientProxy(url),
            Throws.TypeOf<ClientUrlException>().With.Message.Contains("UserName")
                .And.Message.Not.Contains("secret"));

    // RFC 7617 2 and 2.1: the examples there; the second is in UTF-8.
    [TestCase("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")]
    [TestCase("test", "123£", "Basic dGVzdDoxMjPCow==")]
    [TestCase("user", null, "Basic dXNlcjo=")]
    [TestCase(null, "a:b", "Basic OmE6Yg==")]
    [TestCase(null, null, null)]
    public void Credentials_are_sent_by_the_Basic_scheme(
        string? user, string? password, string? field) =>
        Assert.That(
            new ClientProxy("http://proxy") { UserName = user, Password = password }.Authorization,
            Is.EqualTo(field));

    [Test]
    public void Another_scheme_is_sent_as_given_and_not_shown()
    {
        var proxy = new ClientProxy("http://proxy")
        {
            UserName = "user",
            Authorization = "Bearer secret",
        };
        Assert.That(proxy.Authorization, Is.EqualTo("Bearer secret"));
        Assert.That(proxy.ToString(), Is.EqualTo("http://proxy (credentials)"));
        Assert.That(
            static () => new ClientProxy("http://proxy") { Authorization = "a\r\nX: b" },
            Throws.ArgumentException);
    }

    [TestCase("example.com", "example.com", true)]
    [TestCase("example.com", "a.b.EXAMPLE.com", true)]
    [TestCase(".Example.com", "example.com.", true)]
    [TestCase("example.com.", "a.example.com", true)]
    [TestCase("example.com", "badexample.com", false)]
    [TestCase("a.example.com", "example.com", false)]
    [TestCase("bücher.example", "xn--bcher-kva.example", true)]
    [TestCase("127.0.0.1", "127.0.0.1:81", true)]
    [TestCase("::1", "[0::1]", true)]
    [TestCase("[::1]", "[::1]:81", true)]
    [TestCase("::1", "[::11]", false)]
    public void An_excluded_host_is_a_name_with_all_below_it_or_an_address(
        string excluded, string host, bool isExcluded)
    {
        var proxy = new ClientProxy("http://proxy") { ExcludedHosts = ["other", excluded] };
        Assert.That(proxy.Serves(ClientOrigin.Parse(host)), Is.EqualTo(!isExcluded));
    }

    [TestCase("")]
    [TestCase("a:80")]
    [TestCase("[::1]:80")]
    [TestCase("http://a")]
    [TestCase("*.a")]
    [TestCase("127.1")]
    public void Anything_else_is_refused_as_an_excluded_host(string excluded) =>
        Assert.That(
            () => new ClientProxy("http://proxy") { ExcludedHosts = [excluded] },
            Throws.TypeOf<ClientUrlException>());

    // RFC 7617 2: a user-id has no colon, and neither part a control character.
    [TestCase("a:b", "x", "UserName")]
    [TestCase("a\r\nb", "x", "UserName")]
    [TestCase("a", "x\0", "Password")]
    [TestCase("a", "x\u007f", "Password")]
    public void Characters_that_the_scheme_cannot_carry_are_refused(
        string user, string password, string option) =>
        Assert.That(
            () => new ClientProxy("http://proxy") { UserName = user, Password = password },
            Throws.ArgumentException.With.Property("ParamName").EqualTo(option));

    [Test]
    public void A_password_is_not_shown()
    {
        var proxy = new ClientProxy("http://proxy:3128") { UserName = "user", Password = "secret" };
        Assert.That(proxy.ToString(), Is.EqualTo("http://proxy:3128 (credentials)"));
        string shown = new ClientOptions { Proxy = proxy }.ToString();
        Assert.That(shown, Does.Not.Contain("secret").And.Contain("http://proxy:3128"));
    }
}

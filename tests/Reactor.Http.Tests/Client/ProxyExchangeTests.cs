using Reactor.Net;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// Requests through a proxy that a test plays: the absolute form (RFC 9112 3.2.2), the credentials,
/// and whom they reach.
/// </summary>
public sealed class ProxyExchangeTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    private const string Credentials = "Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n";

    [Test]
    public void A_proxy_gets_the_absolute_form_with_the_credentials()
    {
        List<string> heads = [];
        using ClientWorld world = MakeWorld(heads, static _ => Ok);
        Assert.That(world.Get("http://Origin.example:8080/path?a=b#c"), Is.EqualTo("200 "));
        Assert.That(heads, Has.Count.EqualTo(1));
        Assert.That(
            heads[0], Does.StartWith("GET http://origin.example:8080/path?a=b HTTP/1.1\r\n"));
        Assert.That(heads[0], Does.Contain("\r\nHost: origin.example:8080\r\n"));
        Assert.That(heads[0], Does.Contain(Credentials));
    }

    [Test]
    public void A_redirect_to_another_origin_goes_through_the_proxy_too()
    {
        List<string> heads = [];
        using ClientWorld world = MakeWorld(heads, head => head.Contains("//one/")
            ? "HTTP/1.1 302 Found\r\nLocation: http://two/x\r\nContent-Length: 0\r\n\r\n"
            : Ok);
        Assert.That(world.Get("http://one/"), Is.EqualTo("200 "));
        Assert.That(heads[1], Does.StartWith("GET http://two/x HTTP/1.1\r\n"));
        Assert.That(heads[1], Does.Contain("\r\nHost: two\r\n").And.Contain(Credentials));
    }

    [Test]
    public void Each_origin_has_connections_of_its_own_to_the_proxy()
    {
        List<string> heads = [];
        using ClientWorld world = MakeWorld(heads, static _ => Ok);
        world.Get("http://one/");
        world.Get("http://two/");
        world.Get("http://one/again");
        Assert.That(world.Session.IdleConnections, Is.EqualTo(2));
    }

    [Test]
    public void Without_a_proxy_no_credentials_of_one_are_sent()
    {
        List<string> heads = [];
        using var world = new ClientWorld();
        string url = world.Serve(connection => AnswerAsync(
            connection, heads, static _ => Ok));
        world.Get($"{url}/");
        Assert.That(heads[0], Does.StartWith("GET / HTTP/1.1\r\n"));
        Assert.That(heads[0], Does.Not.Contain("Proxy-"));
    }

    [Test]
    public void A_host_that_the_proxy_does_not_serve_is_asked_itself_and_gets_no_credentials()
    {
        List<string> heads = [];
        using ClientWorld world = MakeWorld(heads, static _ => Ok, "127.0.0.1");
        List<string> direct = [];
        string url = world.Serve(connection => AnswerAsync(connection, direct, static _ => Ok));
        Assert.That(world.Get("http://origin.example/"), Is.EqualTo("200 "));
        Assert.That((heads.Count, direct.Count), Is.EqualTo((1, 0)));
        Assert.That(world.Get($"{url}/x"), Is.EqualTo("200 "));
        Assert.That((heads.Count, direct.Count), Is.EqualTo((1, 1)));
        Assert.That(direct[0], Does.StartWith("GET /x HTTP/1.1\r\n"));
        Assert.That(direct[0], Does.Not.Contain("Proxy-"));
    }

    // RFC 9112 3.2.2: a proxy ignores Host, and a client sends the host of the URL there.
    [TestCase("origin.example:8080", true)]
    [TestCase("ORIGIN.example:8080", true)]
    [TestCase("virtual.example", false)]
    public void Through_a_proxy_host_is_that_of_the_url(string host, bool isSent)
    {
        List<string> heads = [];
        using ClientWorld world = MakeWorld(heads, static _ => Ok);
        var request = new ClientRequest("GET", "http://origin.example:8080/")
        {
            Headers = { { "Host", host } },
        };
        if (isSent)
        {
            Assert.That(world.Ask(request), Is.EqualTo("200 "));
            Assert.That(heads[0], Does.Contain($"\r\nHost: {host}\r\n"));
        }
        else
        {
            Assert.That(
                () => world.Ask(request),
                Throws.ArgumentException.With.Message.Contains("ExcludedHosts"));
            Assert.That(heads, Is.Empty);
        }
    }

    private static ClientWorld MakeWorld(
        List<string> heads, Func<string, string> answer, params string[] excluded)
    {
        var world = new ClientWorld(new ClientOptions
        {
            Proxy = new("http://127.0.0.1:10000")
            {
                UserName = "user",
                Password = "secret",
                ExcludedHosts = excluded,
            },
        });

        // The first port that the network of a fresh driver picks.
        string url = world.Serve(connection => AnswerAsync(connection, heads, answer));
        Assert.That(url, Is.EqualTo("http://127.0.0.1:10000"));
        return world;
    }

    private static async Coroutine AnswerAsync(
        Connection connection, List<string> heads, Func<string, string> answer)
    {
        while (await RawPeer.ReadHeadAsync(connection) is { } head)
        {
            heads.Add(head);
            await RawPeer.SendAsync(connection, answer(head));
        }
    }
}

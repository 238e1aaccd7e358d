using System.Globalization;
using Reactor.Http.Tests.Server;
using Reactor.Testing;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// What a session adds to an exchange: retries, redirects, cookies, default fields, the proxy, and
/// its end.
/// </summary>
public sealed class SessionTests
{
    private const string NoContent = "HTTP/1.1 204 No Content\r\n\r\n";

    [Test]
    public void An_idempotent_request_on_a_connection_that_the_server_closed_is_sent_again()
    {
        using var world = new ClientWorld();
        string url = ServeOneRequestEach(world, out List<string> heads);
        Assert.That(world.Get(url), Is.EqualTo("204 "));
        Assert.That(world.Get(url), Is.EqualTo("204 "));
        Assert.That(heads, Has.Count.EqualTo(3), "one was lost with its connection");
        var content = TestContent.Text("again");
        Assert.That(world.Ask(new("PUT", url) { Content = content }), Is.EqualTo("204 "));
        Assert.That(heads, Has.Count.EqualTo(5));
    }

    [Test]
    public void A_post_and_a_content_that_cannot_be_resent_are_not_sent_again()
    {
        using var world = new ClientWorld();
        string url = ServeOneRequestEach(world, out List<string> heads);
        world.Get(url);
        var error = Assert.Throws<ClientDisconnectedException>(() => world.Ask(new("POST", url)))!;
        Assert.That(error.HasResponseBytes, Is.False);
        world.Get(url);
        Assert.Throws<ClientDisconnectedException>(
            () => world.Ask(new("PUT", url) { Content = TestContent.Chunks("a") }));
        Assert.That(heads, Has.Count.EqualTo(4));
    }

    [Test]
    public void A_request_on_a_new_connection_is_not_sent_again()
    {
        using var world = new ClientWorld();
        int connections = 0;
        string url = world.Serve(async connection =>
        {
            connections++;
            await RawPeer.ReadHeadAsync(connection);
        });
        Assert.Throws<ClientDisconnectedException>(() => world.Get(url));
        Assert.That(connections, Is.EqualTo(1));
    }

    [Test]
    public void A_redirect_is_followed_on_the_same_connection_if_its_body_is_short()
    {
        using var world = new ClientWorld();
        var ports = new HashSet<string>();
        string url = world.Serve(app =>
        {
            app.OnGet("/from", request =>
            {
                ports.Add($"{request.RemoteEndPoint}");
                Response response = Response.Text("moved", 302);
                response.Headers.Set("Location", "to?x=1");
                return response;
            });
            app.OnGet("/to", request =>
            {
                ports.Add($"{request.RemoteEndPoint}");
                return Response.Text("there");
            });
        });
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync($"{url}/from");
            Assert.That(await response.TextAsync(), Is.EqualTo("there"));
            Assert.That(response.Url, Is.EqualTo(new Uri($"{url}/to?x=1")));
            Assert.That(response.Redirects, Is.EqualTo(new[] { new Uri($"{url}/from") }));
        });
        Assert.That(ports, Has.Count.EqualTo(1));
        Assert.That(
            world.Ask(new("GET", $"{url}/from") { FollowsRedirects = false }),
            Is.EqualTo("302 moved"));
    }

    [Test]
    public void The_body_of_a_redirect_is_read_for_two_seconds_at_most()
    {
        using var world = new ClientWorld();
        string there = world.Answer(NoContent);
        string url = world.Serve(async connection =>
        {
            await RawPeer.ReadHeadAsync(connection);
            await RawPeer.SendAsync(
                connection,
                $"HTTP/1.1 302 Found\r\nLocation: {there}/\r\nContent-Length: 9\r\n\r\n");
            for (int i = 0; i < 9 && !connection.IsClosed; i++)
            {
                await EventLoop.Delay(TimeSpan.FromSeconds(1));
                await RawPeer.SendAsync(connection, "x");
            }
        });
        Assert.That(world.Get(url), Is.EqualTo("204 "));
        Assert.That(world.Loop.Time, Is.EqualTo(TimeSpan.FromSeconds(2)));
        Assert.That(world.Session.OpenConnections, Is.EqualTo(1), "its own is closed");
        world.RunFor(10);
    }

    [TestCase(10)]
    [TestCase(11)]
    public void Ten_redirects_are_followed_and_no_more(int redirects)
    {
        using var world = new ClientWorld();
        string url = world.Serve(app => app.OnGet("/{n}", request =>
        {
            int left = int.Parse(request.MatchInfo["n"], CultureInfo.InvariantCulture);
            Response response = Response.Text("end", left > 0 ? 307 : 200);
            response.Headers.Set("Location", $"/{left - 1}");
            return response;
        }));
        if (redirects <= 10)
        {
            Assert.That(world.Get($"{url}/{redirects}"), Is.EqualTo("200 end"));
        }
        else
        {
            Assert.Throws<ClientRedirectException>(() => world.Get($"{url}/{redirects}"));
        }
    }

    [Test]
    public void A_redirect_to_another_origin_gets_no_credentials()
    {
        using var world = new ClientWorld(new ClientOptions
        {
            DefaultHeaders = { { "X-Default", "1" }, { "Authorization", "Basic eDp5" } },
        });
        var heads = new List<string>();
        string other = Record(world, heads, NoContent);
        string url = Record(
            world, heads, $"HTTP/1.1 302 Found\r\nLocation: {other}/\r\nContent-Length: 0\r\n\r\n");
        world.Get(url);
        world.Ask(new("GET", url) { Headers = { { "Cookie", "a=b" }, { "Host", "virtual" } } });
        Assert.That(heads, Has.Count.EqualTo(4));
        Assert.Multiple(() =>
        {
            Assert.That(heads[0], Does.Contain("Authorization").And.Contain("X-Default: 1"));
            Assert.That(heads[1], Does.Not.Contain("Authorization").And.Contain("X-Default: 1"));
            Assert.That(heads[2], Does.Contain("Cookie: a=b").And.Contain("Host: virtual"));
            Assert.That(heads[3], Does.Not.Contain("Authorization").And.Not.Contain("Cookie"));
            Assert.That(heads[3], Does.Contain($"\r\nHost: {other["http://".Length..]}\r\n"));
        });
    }

    [Test]
    public void A_redirect_to_https_is_refused_in_a_sentence()
    {
        using var world = new ClientWorld();
        string url = world.Answer(
            "HTTP/1.1 301 Moved Permanently\r\nLocation: https://127.0.0.1/\r\n"
            + "Content-Length: 0\r\n\r\n");
        var error = Assert.Throws<ClientRedirectException>(() => world.Get(url))!;
        Assert.That(error.Message, Does.Contain("TLS"));
        Assert.Throws<ClientUrlException>(() => world.Get("https://127.0.0.1/"));
    }

    [Test]
    public void Cookies_that_a_server_sets_come_back()
    {
        using var world = new ClientWorld();
        var heads = new List<string>();
        string url = Record(
            world, heads, "HTTP/1.1 204 No Content\r\nSet-Cookie: a=1; Path=/\r\n\r\n");
        world.Get(url);
        world.Get(url);
        Assert.That(heads[0], Does.Not.Contain("Cookie"));
        Assert.That(heads[1], Does.Contain("\r\nCookie: a=1\r\n"));
        Assert.That(world.Session.Cookies!.Count, Is.EqualTo(1));
    }

    [Test]
    public void A_proxy_gets_the_absolute_form_and_the_credentials()
    {
        var heads = new List<string>();
        using var proxied = new ClientWorld();
        string proxy = Record(proxied, heads, NoContent);
        var session = new ClientSession(new ClientOptions
        {
            Proxy = new ClientProxy(proxy) { UserName = "user", Password = "secret" },
        });
        proxied.Run(async () =>
        {
            (await session.GetAsync("http://example.test/a?b")).Dispose();
            await session.CloseAsync();
        });
        Assert.That(heads[0], Does.StartWith(
            "GET http://example.test/a?b HTTP/1.1\r\nHost: example.test\r\n"));
        Assert.That(heads[0], Does.Contain("\r\nProxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n"));
    }

    [Test]
    public void A_closed_session_sends_nothing_and_lets_responses_be_read()
    {
        using var world = new ClientWorld();
        string url = world.Serve(app => app.OnGet("/", "text"));
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync(url);
            await world.Session.CloseAsync();
            await world.Session.CloseAsync();
            Assert.That(await response.TextAsync(), Is.EqualTo("text"));
            Assert.That(world.Session.OpenConnections, Is.Zero);
        });
        Assert.Throws<ClientPoolException>(() => world.Get(url));
    }

    [Test]
    public void A_session_belongs_to_the_loop_of_its_first_request()
    {
        using var world = new ClientWorld();
        world.Get(world.Answer(NoContent));
        using var other = new SimulatedLoop();
        Assert.Throws<InvalidOperationException>(
            () => other.Run(() => world.Session.GetAsync("http://127.0.0.1/").Discarded()));
        Assert.Throws<InvalidOperationException>(() => other.Run(world.Session.CloseAsync));
    }

    [Test]
    public void A_disposal_off_the_loop_closes_the_session_on_it()
    {
        using var world = new ClientWorld();
        string url = world.Answer(NoContent);
        world.Get(url);
        world.Session.Dispose();
        Assert.That(world.Session.IdleConnections, Is.EqualTo(1), "only the loop may close it");
        world.Settle();
        Assert.That(world.Session.OpenConnections, Is.Zero);
        Assert.Throws<ClientPoolException>(() => world.Get(url));
    }

    [Test]
    public async Task A_disposal_before_the_first_request_or_after_the_end_of_the_loop_is_safe()
    {
        await using var unused = new ClientSession();
        ClientSession session;
        using (var world = new ClientWorld())
        {
            session = world.Session;
            world.Get(world.Answer(NoContent));
        }

        session.Dispose();
        await session.DisposeAsync();
    }

    [TestCase("CONNECT")]
    [TestCase("GET /\r\nX")]
    public void A_method_that_is_no_token_or_needs_a_tunnel_is_refused(string method)
    {
        using var world = new ClientWorld();
        Assert.Throws<ArgumentException>(() => world.Ask(new(method, "http://127.0.0.1/")));
    }

    // Each connection answers one request, reads the next, and ends.
    private static string ServeOneRequestEach(ClientWorld world, out List<string> heads)
    {
        List<string> seen = heads = [];
        return world.Serve(async connection =>
        {
            seen.Add((await RawPeer.ReadHeadAsync(connection))!);
            await RawPeer.SendAsync(connection, NoContent);
            if (await RawPeer.ReadHeadAsync(connection) is { } head)
            {
                seen.Add(head);
            }
        });
    }

    private static string Record(ClientWorld world, List<string> heads, string response) =>
        world.Serve(async connection =>
        {
            while (await RawPeer.ReadHeadAsync(connection) is { } head)
            {
                heads.Add(head);
                await RawPeer.SendAsync(connection, response);
            }
        });
}

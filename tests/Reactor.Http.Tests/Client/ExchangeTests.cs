using Reactor.Http.Tests.Server;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// Requests of a session to the real server: content, bodies, and kept connections.
/// </summary>
public sealed class ExchangeTests
{
    [Test]
    public void A_get_returns_status_fields_and_text()
    {
        using var world = new ClientWorld();
        string url = world.Serve(app => app.OnGet("/hello", "Hello"));
        world.Run(async () =>
        {
            using ClientResponse response = await world.Session.GetAsync($"{url}/hello?a=b");
            Assert.That(response.Status, Is.EqualTo(200));
            Assert.That(response.Reason, Is.EqualTo("OK"));
            Assert.That(response.ContentLength, Is.EqualTo(5));
            Assert.That(response.ContentType, Does.StartWith("text/plain"));
            Assert.That(response.Headers["content-length"], Is.EqualTo("5"));
            Assert.That(response.Url, Is.EqualTo(new Uri($"{url}/hello?a=b")));
            Assert.That(response.Redirects, Is.Empty);
            Assert.That(await response.TextAsync(), Is.EqualTo("Hello"));
        });
    }

    [Test]
    public void A_post_sends_its_content_with_its_length()
    {
        using var world = new ClientWorld();
        string url = world.Serve(app => app.OnEcho());
        Assert.That(
            world.Ask(new("POST", $"{url}/echo") { Content = TestContent.Text("content") }),
            Is.EqualTo("200 content"));
    }

    [Test]
    public void A_content_without_a_length_is_sent_in_chunks()
    {
        using var world = new ClientWorld();
        string url = world.Serve(app => app.OnEcho());
        Assert.That(
            world.Ask(new("PUT", $"{url}/echo") { Content = TestContent.Chunks("a", "", "bc") }),
            Is.EqualTo("405 Method Not Allowed").Or.StartsWith("405"));
        Assert.That(
            world.Ask(new("POST", $"{url}/echo") { Content = TestContent.Chunks("a", "", "bc") }),
            Is.EqualTo("200 abc"));
    }

    [Test]
    public void A_connection_is_used_again_after_its_body_was_read()
    {
        using var world = new ClientWorld();
        var ports = new HashSet<string>();
        string url = world.Serve(app => app.OnGet("/", request =>
        {
            ports.Add($"{request.RemoteEndPoint}");
            return Response.Text("x");
        }));
        for (int i = 0; i < 10; i++)
        {
            Assert.That(world.Get(url), Is.EqualTo("200 x"));
            Assert.That(world.Session.IdleConnections, Is.EqualTo(1));
        }

        Assert.That(ports, Has.Count.EqualTo(1));
    }

    [Test]
    public void A_response_that_was_not_read_to_its_end_closes_its_connection()
    {
        using var world = new ClientWorld();
        string url = world.Serve(app => app.OnGet("/", "text"));
        world.Run(async () =>
        {
            using (await world.Session.GetAsync(url))
            {
                Assert.That(world.Session.OpenConnections, Is.EqualTo(1));
            }

            Assert.That(world.Session.OpenConnections, Is.Zero);
        });
        Assert.That(world.Get(url), Is.EqualTo("200 text"));
    }
}

using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Requests whose heads are the same bytes: each is still a request of its own.
/// </summary>
public sealed class RepeatedRequestTests
{
    [Test]
    public void Each_of_equal_and_other_requests_has_its_own_answer()
    {
        using var server = new ServerFixture(AddTwo);
        string[] paths = ["a", "a", "b", "a", "b", "b", "x", "x", "a"];
        HttpPeer peer = server.Connect();
        peer.Send(string.Concat(paths.Select(path => Get($"/{path}"))));
        server.Settle();

        Assert.That(
            peer.Take().Select(answer => answer.Status == 404 ? "x" : answer.Text),
            Is.EqualTo(paths));
    }

    [Test]
    public void So_have_those_of_several_connections()
    {
        using var server = new ServerFixture(AddTwo);
        foreach (string path in new[] { "a", "b", "a", "a", "b" })
        {
            Assert.That(server.Connect().Ask(Get($"/{path}")).Text, Is.EqualTo(path));
        }
    }

    [Test]
    public void Each_body_is_read_behind_its_own_head()
    {
        using var server = new ServerFixture(app => app.Post(
            "/", async request => Response.Text(await request.TextAsync())));
        HttpPeer peer = server.Connect();
        peer.Send(string.Concat(
            new[] { "one", "two", "six" }.Select(body => Post(body, body.Length))));
        server.Settle();

        Assert.That(
            peer.Take().Select(answer => answer.Text), Is.EqualTo(new[] { "one", "two", "six" }));
    }

    [Test]
    public void A_route_cannot_be_added_once_the_application_is_served()
    {
        var added = new List<Exception>();
        using var server = new ServerFixture(app =>
            app.OnGet("/add", _ =>
            {
                added.Add(Assert.Throws<InvalidOperationException>(() => app.OnGet("/late", "x"))!);
                return Response.Text("refused");
            }));
        HttpPeer peer = server.Connect();

        Assert.That(peer.Ask(Get("/add")).Text, Is.EqualTo("refused"));
        Assert.That(peer.Ask(Get("/late")).Status, Is.EqualTo(404));
        Assert.That(added.Single().Message, Does.Contain("'GET /late'").And.Contain("MakeHandler"));
    }

    private static void AddTwo(Application app)
    {
        app.OnGet("/a", _ => Response.Text("a"));
        app.OnGet("/b", _ => Response.Text("b"));
    }

    private static string Post(string body, int length) =>
        $"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: {length}\r\n\r\n{body}";
}

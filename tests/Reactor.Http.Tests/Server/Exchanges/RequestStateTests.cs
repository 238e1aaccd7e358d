using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server.Exchanges;

/// <summary>The values of a request by typed key: they go from a middleware to a handler.</summary>
public sealed class RequestStateTests
{
    private static readonly RequestKey<string> s_user = new("name");

    private static readonly RequestKey<int?> s_count = new("name"); // the name is no identity

    [Test]
    public void A_handler_gets_what_a_middleware_set()
    {
        using var server = new ServerFixture(app =>
        {
            app.Use((request, next) =>
            {
                request.State.Set(s_user, "first");
                request.State.Set(s_user, "Ada");
                request.State.Set(s_count, null);
                return next(request);
            });
            app.OnGet("/", request =>
            {
                Assert.That(request.State.TryGet(s_count, out int? count), Is.True);
                Assert.That(count, Is.Null);
                return Response.Text(request.State.Get(s_user));
            });
        });

        Assert.That(server.Ask(Get("/")).Text, Is.EqualTo("Ada"));
    }

    [Test]
    public void A_missing_value_throws_with_the_name_of_its_key()
    {
        string? message = null;
        using var server = new ServerFixture(app => app.OnGet("/", request =>
        {
            request.State.Set(s_count, 7);
            Assert.That(request.State.TryGet(s_user, out _), Is.False);
            message = Assert.Throws<KeyNotFoundException>(() => request.State.Get(s_user))!.Message;
            return Response.Text("");
        }));
        server.Ask(Get("/"));

        Assert.That(
            message,
            Is.EqualTo("The request has no value 'name': a middleware must set it first."));
    }

    [Test]
    public void H72_the_next_request_of_the_connection_has_none_of_them()
    {
        using var server = new ServerFixture(app => app.OnGet("/{name}", request =>
        {
            bool isThere = request.State.TryGet(s_user, out string? user);
            request.State.Set(s_user, request.MatchInfo["name"]);
            return Response.Text(isThere ? user! : "none");
        }));
        HttpPeer peer = server.Connect();

        Assert.That(peer.Ask(Get("/a")).Text, Is.EqualTo("none"));
        Assert.That(peer.Ask(Get("/b")).Text, Is.EqualTo("none"));
    }
}

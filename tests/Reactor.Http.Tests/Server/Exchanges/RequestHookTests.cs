using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server.Exchanges;

/// <summary>Hooks that a middleware adds to one request, before the head of its response.</summary>
public sealed class RequestHookTests
{
    private static readonly Action<Request?, Response> s_mark =
        (_, response) => response.Headers.Add("X-Mark", "1");

    [Test]
    public void They_run_from_the_inside_out_and_before_those_of_the_application()
    {
        var order = new List<string>();
        using var server = new ServerFixture(app =>
        {
            app.OnResponsePrepare.Add((_, _) => order.Add("application"));
            app.Use(Adding("outer"));
            app.Use(Adding("inner"));
            app.OnGet("/", "text");
        });
        server.Ask(Get("/"));
        Assert.That(order, Is.EqualTo(new[] { "inner", "outer", "application" }));

        Func<Request, Handler, Coroutine<Response>> Adding(string name) => (request, next) =>
        {
            request.OnResponsePrepare((_, _) => order.Add(name));
            return next(request);
        };
    }

    [TestCase("/text", 200)]
    [TestCase("/stream", 200)]
    [TestCase("/thrown", 409)]
    [TestCase("/none", 404)]
    public void They_see_every_kind_of_response(string target, int status)
    {
        using var server = new ServerFixture(app =>
        {
            app.Use((request, next) =>
            {
                request.OnResponsePrepare(s_mark);
                return next(request);
            });
            app.OnGet("/text", "text");
            app.OnGet("/thrown", _ => throw HttpException.Conflict());
            app.Get("/stream", async request =>
            {
                var response = new StreamResponse();
                response.Prepare(request);
                await response.WriteAsync("stream"u8.ToArray());
                return response;
            });
        });
        RawAnswer answer = server.Ask(Get(target));
        Assert.That(answer.Status, Is.EqualTo(status));
        Assert.That(answer["X-Mark"], Is.EqualTo("1"));
    }

    [Test]
    public void The_next_request_of_the_connection_has_none_of_them()
    {
        using var server = new ServerFixture(app =>
        {
            app.OnGet("/marked", request =>
            {
                request.OnResponsePrepare(s_mark);
                return Response.Text("text");
            });
            app.OnGet("/plain", "text");
        });
        HttpPeer peer = server.Connect();
        for (int i = 0; i < 3; i++)
        {
            Assert.That(peer.Ask(Get("/marked"))["X-Mark"], Is.EqualTo("1"));
            Assert.That(peer.Ask(Get("/plain"))["X-Mark"], Is.Null);
        }
    }

    [Test]
    public void After_the_head_it_is_too_late()
    {
        string? message = null;
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var response = new StreamResponse();
            response.Prepare(request);
            message = Assert.Throws<InvalidOperationException>(
                () => request.OnResponsePrepare(s_mark))!.Message;
            await response.WriteEofAsync();
            return response;
        }));
        Assert.That(server.Ask(Get("/"))["X-Mark"], Is.Null);
        Assert.That(message, Does.Contain("before"));
    }

    [Test]
    public void One_that_throws_is_answered_with_500_without_another_run()
    {
        int runs = 0;
        using var server = new ServerFixture(app => app.OnGet("/", request =>
        {
            request.OnResponsePrepare((_, _) =>
            {
                runs++;
                throw new InvalidOperationException("hook");
            });
            return Response.Text("text");
        }));
        HttpPeer peer = server.Connect();
        Assert.That(peer.Ask(Get("/")).Status, Is.EqualTo(500));
        Assert.That(peer.Ask(Get("/")).Status, Is.EqualTo(500));
        Assert.That(runs, Is.EqualTo(2));
    }
}

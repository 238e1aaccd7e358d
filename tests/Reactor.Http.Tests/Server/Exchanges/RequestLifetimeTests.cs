using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// A request lives until its response is sent. Whoever keeps it longer must be told, not be given
/// the next request of the connection.
/// </summary>
public class RequestLifetimeTests
{
    [Test]
    public void Asking_a_request_after_its_response_throws()
    {
        Request? kept = null;
        using var server = new ServerFixture(app => app.OnGet("/{x}", request =>
        {
            kept ??= request;
            return Response.Text("x");
        }));
        HttpPeer peer = server.Connect();
        peer.Ask(Get("/first?q"));
        Assert.That(kept!.MatchInfo["x"], Is.EqualTo("first"), "what was captured is a copy");
        AssertAllThrow(server, kept);

        peer.Ask(Get("/second?q"));
        AssertAllThrow(server, kept);
    }

    [Test]
    public void A_kept_request_cannot_read_the_body_of_the_next_one()
    {
        Request? kept = null;
        InvalidOperationException? thrown = null;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            if (kept is null)
            {
                kept = request;
                return Response.Text("first");
            }

            try
            {
                await kept.ReadAsync();
            }
            catch (InvalidOperationException error)
            {
                thrown = error;
            }

            return Response.Text(await request.TextAsync());
        }));
        HttpPeer peer = server.Connect();
        peer.Ask(Post("/", "one"));

        Assert.That(peer.Ask(Post("/", "two")).Text, Is.EqualTo("two"));
        Assert.That(thrown, Is.Not.Null);
    }

    [Test]
    public void A_request_whose_task_was_cancelled_cannot_read_that_of_another_client()
    {
        Request? kept = null;
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            kept ??= request;
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            return Response.Text("x");
        }));
        server.ConnectNow().Send(Get("/?first"));
        server.Settle();
        server.Loop.AllTasks().Single(task => task.Name == "connection").Cancel();
        server.Settle();
        AssertAllThrow(server, kept!);

        server.ConnectNow().Send(Get("/?second"));
        server.Settle();
        AssertAllThrow(server, kept!);
    }

    [Test]
    public void A_stream_that_is_kept_cannot_be_written_after_its_handler_returned()
    {
        StreamResponse? kept = null;
        InvalidOperationException? thrown = null;
        using var server = new ServerFixture(app =>
        {
            app.Get("/", async request =>
            {
                kept = new StreamResponse();
                kept.Prepare(request);
                await kept.WriteAsync("x"u8.ToArray());
                return kept;
            });
            app.Get("/next", async _ =>
            {
                try
                {
                    await kept!.WriteAsync("late"u8.ToArray());
                }
                catch (InvalidOperationException error)
                {
                    thrown = error;
                }

                return Response.Text("next");
            });
        });
        HttpPeer peer = server.Connect();
        peer.Ask(Get("/"));

        Assert.That(peer.Ask(Get("/next")).Text, Is.EqualTo("next"));
        Assert.That(thrown, Is.Not.Null);
    }

    [Test]
    public void One_response_may_answer_many_requests()
    {
        var response = Response.Text("same");
        response.Headers.Add("X-A", "b");
        using var server = new ServerFixture(app => app.OnGet("/", _ => response));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/") + "HEAD / HTTP/1.1\r\nHost: test\r\n\r\n" + Get("/"));
        server.Settle();
        List<RawAnswer> answers = peer.Take("GET", "HEAD", "GET");

        Assert.That(answers.Select(a => a.Text), Is.EqualTo(new[] { "same", "", "same" }));
        Assert.That(answers[2].Fields, Is.EqualTo(answers[0].Fields));
    }

    private static void AssertAllThrow(ServerFixture server, Request kept)
    {
        Assert.That(() => kept.Head, Throws.InvalidOperationException);
        Assert.That(() => kept.Method, Throws.InvalidOperationException);
        Assert.That(() => kept.Path, Throws.InvalidOperationException);
        Assert.That(() => kept.QueryString, Throws.InvalidOperationException);
        Assert.That(() => kept.ContentType, Throws.InvalidOperationException);
        Assert.That(() => kept.GetHeader("Host"), Throws.InvalidOperationException);
        Assert.That(
            () => new StreamResponse().Prepare(kept), Throws.InvalidOperationException);
        Assert.That(
            () => server.Loop.RunUntilComplete(kept.ReadAsync()), Throws.InvalidOperationException);
        Assert.That(
            () => server.Loop.RunUntilComplete(kept.TextAsync()), Throws.InvalidOperationException);
    }
}

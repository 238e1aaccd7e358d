using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Handlers that share what is one request's: a stream kept for another, a body read by two tasks,
/// two writers on one answer. Nobody is left waiting, and no byte is lost.
/// </summary>
public class SharedRequestTests
{
    [TestCase(false)]
    [TestCase(true)]
    public void A_stream_that_was_begun_for_another_request_is_an_error(bool onAnotherConnection)
    {
        StreamResponse? kept = null;
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            if (kept is null)
            {
                kept = new StreamResponse(contentLength: 1);
                kept.Prepare(request);
                await kept.WriteAsync("x"u8.ToArray());
            }

            return kept;
        }));
        HttpPeer peer = server.Connect();
        peer.Ask(Get("/"));
        HttpPeer second = onAnotherConnection ? server.Connect() : peer;

        Assert.That(second.Ask(Get("/")).Status, Is.EqualTo(500));
    }

    [Test]
    public void A_body_that_another_task_still_reads_is_waited_for()
    {
        string? body = null;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            _ = EventLoop.Spawn(Keep(request));
            await EventLoop.Yield();
            return Response.Text("ok");
        }));

        async Coroutine Keep(Request request) => body = await request.TextAsync();

        HttpPeer peer = server.ConnectNow();
        peer.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\n");
        server.RunFor(1);
        peer.Send("body" + Get("/none"));
        server.RunFor(1);

        Assert.That(body, Is.EqualTo("body"));
        Assert.That(peer.Received, Does.Contain("404 Not Found"));
    }

    [Test]
    public void A_body_whose_reading_was_cancelled_is_read_on_from_there()
    {
        string? body = null;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            LoopTask<string> first = EventLoop.Spawn(request.TextAsync());
            await EventLoop.Wait([first], timeout: TimeSpan.FromSeconds(1));
            first.Cancel();
            await EventLoop.Wait([first]);
            body = await request.TextAsync();
            return Response.Text("ok");
        }));
        HttpPeer peer = server.ConnectNow();
        peer.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 8\r\n\r\nhalf");
        server.RunFor(3);
        peer.Send("rest");
        server.RunFor(1);

        Assert.That(body, Is.EqualTo("halfrest"));
    }

    [Test]
    public void A_task_that_waits_for_another_reader_never_reads_the_body_of_another_client()
    {
        LoopTask<string>? reader = null;
        LoopTask<string>? waiter = null;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            reader ??= EventLoop.Spawn(request.TextAsync());
            waiter ??= EventLoop.Spawn(request.TextAsync());
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            return Response.Text("ok");
        }));
        HttpPeer first = server.ConnectNow();
        first.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 8\r\n\r\nhalf");
        server.Settle();
        ILoopTask connection = server.Loop.AllTasks().Single(task => task.Name == "connection");
        HttpPeer second = server.ConnectNow();
        second.Send(Post("/", "secret"));
        reader!.Cancel();
        connection.Cancel();
        server.RunFor(2);

        Assert.That(second.TakeOne("POST").Text, Is.EqualTo("ok"));
        Assert.That(
            () => server.Loop.RunUntilComplete(waiter!), Throws.InvalidOperationException);
    }

    [Test]
    public void A_task_that_waits_for_another_reader_hears_that_the_request_has_ended()
    {
        LoopTask<string>? reader = null;
        LoopTask<string>? waiter = null;
        using var server = new ServerFixture(app => app.Post("/", async request =>
        {
            reader = EventLoop.Spawn(request.TextAsync());
            waiter = EventLoop.Spawn(request.TextAsync());
            await EventLoop.Yield();
            return Response.Text("ok");
        }));
        HttpPeer peer = server.ConnectNow();
        peer.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\n");
        server.Settle();
        peer.Send("body");
        server.Settle();

        Assert.That(server.Loop.RunUntilComplete(reader!), Is.EqualTo("body"));
        Assert.That(
            () => server.Loop.RunUntilComplete(waiter!), Throws.InvalidOperationException);
    }

    [Test]
    public void Two_tasks_that_write_to_a_slow_client_both_go_on()
    {
        int done = 0;
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var stream = new StreamResponse();
            stream.Prepare(request);
            async Coroutine Write()
            {
                await stream.WriteAsync(new byte[500_000]);
                done++;
            }

            await EventLoop.Wait([EventLoop.Spawn(Write()), EventLoop.Spawn(Write())]);
            return stream;
        }));
        HttpPeer peer = server.ConnectNow();
        peer.IsReading = false;
        peer.Send(Get("/"));
        server.RunFor(1);
        peer.IsReading = true;
        server.RunFor(100);

        Assert.That(done, Is.EqualTo(2));
        Assert.That(peer.Received.Count(letter => letter == '\0'), Is.EqualTo(1_000_000));
    }

    [Test]
    public void Whole_answers_before_a_stream_that_breaks_still_arrive()
    {
        using var server = new ServerFixture(app =>
        {
            app.OnGet("/ok", "fine");
            app.Get("/bad", async request =>
            {
                var stream = new StreamResponse(contentLength: 5);
                stream.Prepare(request);
                await EventLoop.Yield();
                throw new InvalidOperationException("after the head");
            });
        });
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/ok") + Get("/ok") + Get("/bad"));
        server.RunFor(1);

        Assert.That(peer.Received.Split("fine"), Has.Length.EqualTo(3));
    }
}

using System.Text;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Answers that are sent while they are made: how they are framed, and broken promises.
/// </summary>
public class StreamResponseTests
{
    private const string Head = "HEAD / HTTP/1.1\r\nHost: test\r\n\r\n";

    [Test]
    public void A_stream_of_known_length_is_sent_with_its_length()
    {
        using var server = new ServerFixture(app => Stream(app, 10, "hello", "world"));
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask(Get("/"));

        Assert.That((answer["Content-Length"], answer.Text), Is.EqualTo(("10", "helloworld")));
        Assert.That(peer.IsEnded, Is.False);
    }

    [Test]
    public void A_stream_of_unknown_length_is_chunked_for_1_1()
    {
        using var server = new ServerFixture(app => Stream(app, null, "hello", "", "world"));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        server.Settle();

        Assert.That(peer.Received, Does.EndWith(
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n"));
        Assert.That(peer.TakeOne().Text, Is.EqualTo("helloworld"));
        Assert.That(peer.Ask(Get("/")).Text, Is.EqualTo("helloworld"), "the connection is kept");
    }

    [TestCase("")]
    [TestCase("Connection: keep-alive\r\n")]
    public void A_stream_of_unknown_length_ends_with_the_connection_for_1_0(string field)
    {
        using var server = new ServerFixture(app => Stream(app, null, "hello", "world"));
        HttpPeer peer = server.Connect();
        RawAnswer answer = peer.Ask($"GET / HTTP/1.0\r\n{field}\r\n");

        Assert.That((answer.Text, answer.SaysClose), Is.EqualTo(("helloworld", true)));
        Assert.That(answer["Transfer-Encoding"], Is.Null, "RFC 9112 6.1: never to 1.0");
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void A_stream_of_known_length_keeps_a_1_0_connection_alive()
    {
        using var server = new ServerFixture(app => Stream(app, 5, "hello"));
        HttpPeer peer = server.Connect();
        string request = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
        Assert.That(peer.Ask(request).Text, Is.EqualTo("hello"));
        Assert.That(peer.Ask(request).Text, Is.EqualTo("hello"));
    }

    [TestCase(5)]
    [TestCase(null)]
    public void Head_of_a_stream_has_the_head_of_get_and_no_body(int? length)
    {
        using var server = new ServerFixture(app => Stream(app, length, "hello"));
        HttpPeer peer = server.Connect();
        RawAnswer get = peer.Ask(Get("/"));
        RawAnswer head = peer.Ask(Head);

        Assert.That(head.Fields, Is.EqualTo(get.Fields));
        Assert.That(peer.Ask(Get("/")).Text, Is.EqualTo("hello"), "the connection is in step");
    }

    [Test]
    public void The_handler_of_a_head_need_not_make_the_body()
    {
        using var server = new ServerFixture(app => Stream(app, 5));
        HttpPeer peer = server.Connect();

        Assert.That(peer.Ask(Head)["Content-Length"], Is.EqualTo("5"));
        Assert.That((peer.IsReset, peer.IsEnded), Is.EqualTo((false, false)));
    }

    [TestCase(204)]
    [TestCase(205)]
    [TestCase(304)]
    public void A_status_without_a_body_swallows_what_is_written(int status)
    {
        using var server = new ServerFixture(app =>
        {
            app.Get("/", async request => await Write(new StreamResponse(status), request, "oops"));
            app.OnGet("/next", "next");
        });
        HttpPeer peer = server.Connect();
        peer.Send(Get("/") + Get("/next"));
        server.Settle();
        List<RawAnswer> answers = peer.Take();

        Assert.That(answers.Select(a => a.Status), Is.EqualTo(new[] { status, 200 }));
        Assert.That(answers[0]["Transfer-Encoding"], Is.Null);
        Assert.That(answers[1].Text, Is.EqualTo("next"));
    }

    [Test]
    public void Writing_more_than_announced_throws_and_resets_the_connection()
    {
        InvalidOperationException? thrown = null;
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            try
            {
                return await Write(new StreamResponse(contentLength: 5), request, "hell", "oo");
            }
            catch (InvalidOperationException error)
            {
                thrown = error;
                throw;
            }
        }));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        server.Settle();

        Assert.That(thrown?.Message, Does.Contain("5 bytes"));
        Assert.That((peer.IsReset, peer.IsEnded), Is.EqualTo((true, false)));
        Assert.That(server.Logged(), Has.Some.Contains("GET /"));
    }

    [Test]
    public void Writing_more_than_announced_can_be_caught_and_sends_nothing_of_it()
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var response = new StreamResponse(contentLength: 5);
            response.Prepare(request);
            try
            {
                await response.WriteAsync("too long"u8.ToArray());
            }
            catch (InvalidOperationException)
            {
                await response.WriteAsync("right"u8.ToArray());
            }

            return response;
        }));

        Assert.That(server.Ask(Get("/")).Text, Is.EqualTo("right"));
    }

    [Test]
    public void Writing_less_than_announced_resets_the_connection_and_is_logged()
    {
        using var server = new ServerFixture(app => Stream(app, 5, "hell"));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        server.Settle();

        Assert.That((peer.IsReset, peer.IsEnded), Is.EqualTo((true, false)));
        Assert.That(server.Logged(), Has.Some.Contains("less than it announced"));
    }

    [Test]
    public void A_failure_in_the_middle_of_a_chunked_stream_resets_the_connection()
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            await Write(new StreamResponse(), request, "begun");
            throw new InvalidOperationException("on purpose");
        }));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        server.Settle();

        Assert.That((peer.IsReset, peer.IsEnded), Is.EqualTo((true, false)));
        Assert.That(peer.Received, Does.Not.Contain("0\r\n\r\n"), "it must not look whole");
        Assert.That(server.Logged(), Has.Some.Contains("threw"));
    }

    [Test]
    public void Another_response_after_the_head_was_sent_is_never_sent_behind_it()
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            await Write(new StreamResponse(), request, "begun");
            return Response.Text("another");
        }));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        server.Settle();

        Assert.That(peer.Received, Does.Not.Contain("another"));
        Assert.That(peer.IsReset);
        Assert.That(server.Logged(), Has.Some.Contains("GET /"));
    }

    [Test]
    public void Pieces_go_out_as_they_are_written()
    {
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var response = new StreamResponse();
            response.Prepare(request);
            for (int i = 1; i <= 3; i++)
            {
                await response.WriteAsync(Encoding.ASCII.GetBytes($"tick{i}"));
                await EventLoop.Delay(TimeSpan.FromSeconds(1));
            }

            return response;
        }));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        for (int i = 1; i <= 3; i++)
        {
            server.Settle();
            Assert.That(peer.Received, Does.EndWith($"tick{i}\r\n"));
            server.RunFor(1);
        }

        Assert.That(peer.TakeOne().Text, Is.EqualTo("tick1tick2tick3"));
    }

    [Test]
    public void Misuse_throws_in_the_handler()
    {
        var thrown = new List<string>();
        using var server = new ServerFixture(app => app.Get("/", async request =>
        {
            var response = new StreamResponse();
            await Note(async () => await response.WriteAsync("early"u8.ToArray()));
            response.Prepare(request);
            await Note(async () => await Task(() => response.Prepare(request)));
            await Note(async () => await Task(() => new StreamResponse().Prepare(request)));
            await response.WriteAsync("x"u8.ToArray());
            await response.WriteEofAsync();
            await response.WriteEofAsync();
            await Note(async () => await response.WriteAsync("late"u8.ToArray()));
            return response;
        }));

        Assert.That(server.Ask(Get("/")).Text, Is.EqualTo("x"));
        Assert.That(thrown, Is.EqualTo(Enumerable.Repeat(nameof(InvalidOperationException), 4)));

        async Coroutine Note(Func<Coroutine> act)
        {
            try
            {
                await act();
            }
            catch (InvalidOperationException error)
            {
                thrown.Add(error.GetType().Name);
            }
        }

#pragma warning disable CS1998 // a coroutine, so that it is called like the others
        static async Coroutine Task(Action act) => act();
#pragma warning restore CS1998
    }

    private static void Stream(Application app, long? length, params string[] pieces) =>
        app.Get("/", async request =>
            await Write(new StreamResponse(contentLength: length), request, pieces));

    private static async Coroutine<Response> Write(
        StreamResponse response, Request request, params string[] pieces)
    {
        response.Prepare(request);
        foreach (string piece in pieces)
        {
            await response.WriteAsync(Encoding.ASCII.GetBytes(piece));
        }

        return response;
    }
}

using System.Globalization;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Several requests on their way at once (RFC 9112 9.3.2): answered in order, with as few sends as
/// possible, and not one after the end was announced.
/// </summary>
public class PipeliningTests
{
    [Test]
    public void H65_sixteen_pipelined_requests_are_answered_in_order_with_one_send()
    {
        using var server = new ServerFixture(AddNumbers);
        HttpPeer peer = server.ConnectNow();
        server.Recorder.Forget();
        peer.Send(string.Concat(Enumerable.Range(0, 16).Select(i => Get($"/n/{i}"))));
        server.Settle();

        Assert.That(
            peer.Take().Select(answer => answer.Text),
            Is.EqualTo(Enumerable.Range(0, 16).Select(Text)));
        Assert.That((server.Recorder.Receives, server.Recorder.Sends), Is.EqualTo((1, 1)));
    }

    [Test]
    public void H65_requests_that_wait_keep_the_order_of_the_answers()
    {
        using var server = new ServerFixture(app => app.Get("/wait/{s}", async request =>
        {
            string seconds = request.MatchInfo["s"];
            await EventLoop.Delay(TimeSpan.FromSeconds(
                double.Parse(seconds, CultureInfo.InvariantCulture)));
            return Response.Text(seconds);
        }));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/wait/3") + Get("/wait/1") + Get("/wait/2"));
        server.RunFor(6);

        Assert.That(
            peer.Take().Select(answer => answer.Text), Is.EqualTo(new[] { "3", "1", "2" }));
    }

    [Test]
    public void A_finished_answer_is_not_held_back_by_a_part_of_the_next_request()
    {
        using var server = new ServerFixture(AddNumbers);
        HttpPeer peer = server.Connect();
        Assert.That(peer.Ask(Get("/n/1") + "GET /n/2 HTTP/1.1\r\n").Text, Is.EqualTo("1"));
        Assert.That(peer.Ask("Host: test\r\n\r\n").Text, Is.EqualTo("2"));
    }

    [Test]
    public void A_finished_answer_may_wait_for_the_next_handler_but_not_for_the_next_request()
    {
        using var server = new ServerFixture(app =>
        {
            AddNumbers(app);
            app.OnEcho();
        });
        HttpPeer peer = server.Connect();
        string head = "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\n";
        Assert.That(peer.Ask(Get("/n/1") + head).Text, Is.EqualTo("1"), "before the body came");
        Assert.That(peer.Ask("body").Text, Is.EqualTo("body"));
    }

    [Test]
    public void H63_what_follows_a_request_that_says_close_is_ignored()
    {
        int served = 0;
        using var server = new ServerFixture(app => app.OnGet("/", _ =>
        {
            served++;
            return Response.Text("x");
        }));
        HttpPeer peer = server.Connect();
        string last = "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
        peer.Send(Get("/") + last + Get("/") + Get("/"));
        server.Settle();
        List<RawAnswer> answers = peer.Take();

        Assert.That((served, answers.Count), Is.EqualTo((2, 2)));
        Assert.That(answers.Select(answer => answer.SaysClose), Is.EqualTo(new[] { false, true }));
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void H62_what_follows_a_1_0_request_is_ignored()
    {
        using var server = new ServerFixture(AddNumbers);
        HttpPeer peer = server.Connect();
        peer.Send("GET /n/1 HTTP/1.0\r\n\r\n" + Get("/n/2"));
        server.Settle();

        Assert.That(peer.TakeOne().Text, Is.EqualTo("1"));
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void H64_what_follows_a_refused_request_is_ignored_and_what_precedes_it_is_answered()
    {
        using var server = new ServerFixture(AddNumbers);
        HttpPeer peer = server.Connect();
        peer.Send(Get("/n/1") + "BAD\r\n\r\n" + Get("/n/2"));
        server.Settle();

        Assert.That(peer.Take().Select(answer => answer.Status), Is.EqualTo(new[] { 200, 400 }));
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void H64_what_follows_an_answer_that_says_close_is_ignored()
    {
        // The handler did not ask for the body, so whether the bytes are the body is open.
        int served = 0;
        using var server = new ServerFixture(app => app.On("*", "/", _ =>
        {
            served++;
            return Response.Text("x");
        }));
        HttpPeer peer = server.Connect();
        peer.Send(
            "POST / HTTP/1.1\r\nHost: test\r\nExpect: 100-continue\r\nContent-Length: "
            + $"{Get("/").Length}\r\n\r\n{Get("/")}{Get("/")}");
        server.Settle();

        Assert.That((served, peer.TakeOne().SaysClose), Is.EqualTo((1, true)));
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void H65_bodies_and_bodiless_requests_may_be_mixed()
    {
        using var server = new ServerFixture(app =>
        {
            AddNumbers(app);
            app.OnEcho();
        });
        HttpPeer peer = server.Connect();
        peer.Send(
            Post("/echo", "one") + Get("/n/2") + PostChunked("/echo", "th", "ree")
            + Post("/echo", "") + Get("/n/5"));
        server.Settle();

        Assert.That(
            peer.Take().Select(answer => answer.Text),
            Is.EqualTo(new[] { "one", "2", "three", "", "5" }));
    }

    [Test]
    public void H65_a_thousand_pipelined_requests_that_nobody_reads_stop_at_the_windows()
    {
        const int Count = 1000;
        int served = 0;
        using var server = new ServerFixture(app => app.OnGet("/big", _ =>
        {
            served++;
            return Response.Bytes(new byte[10_000]);
        }));
        HttpPeer peer = server.ConnectNow();
        peer.IsReading = false;
        peer.Send(string.Concat(Enumerable.Repeat(Get("/big"), Count)));
        server.Settle();

        // A window of 64 KiB with the peer, 64 KiB of gathered answers and one answer more.
        Assert.That(served, Is.LessThanOrEqualTo(15));
        Assert.That(server.RentedBlocks, Is.LessThanOrEqualTo(8));

        peer.IsReading = true;
        server.Settle();
        Assert.That(peer.Take(), Has.Count.EqualTo(Count));
    }

    [Test]
    public void H04_empty_lines_between_pipelined_requests_are_forgiven_up_to_two()
    {
        using var server = new ServerFixture(AddNumbers);
        HttpPeer peer = server.Connect();
        peer.Send(Get("/n/1") + "\r\n\r\n" + Get("/n/2") + "\r\n\r\n\r\n" + Get("/n/3"));
        server.Settle();

        Assert.That(
            peer.Take().Select(answer => answer.Status), Is.EqualTo(new[] { 200, 200, 400 }));
    }

    private static void AddNumbers(Application app) =>
        app.OnGet("/n/{i}", request => Response.Text(request.MatchInfo["i"]));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}

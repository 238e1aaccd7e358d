using System.Net.Sockets;
using Reactor.Testing;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// A client that can be sent nothing more: no handler starts for what it had pipelined, and the
/// connection ends as soon as the handler that runs has ended.
/// </summary>
public class BrokenOutputTests
{
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    [Test]
    public void Forty_pipelined_requests_that_wait_end_with_their_client()
    {
        int begun = 0;
        using var server = new ServerFixture(app => app.Get("/hello/{name}", async _ =>
        {
            begun++;
            await EventLoop.Delay(TimeSpan.FromSeconds(0.5));
            return Response.Text("hello");
        }));
        HttpPeer peer = server.ConnectNow();
        peer.Send(string.Concat(Enumerable.Repeat(Get("/hello/x"), 40)));
        server.RunFor(1.2);
        peer.Reset();
        server.RunFor(0.5);

        Assert.That((begun, server.ConnectionTasks), Is.EqualTo((3, 0)));
    }

    [Test]
    public void A_handler_that_only_yields_is_the_last_one_too()
    {
        int begun = 0;
        HttpPeer? peer = null;
        using var server = new ServerFixture(app => app.Get("/", async _ =>
        {
            begun++;
            peer!.Reset();
            await EventLoop.Yield();
            await EventLoop.Yield();
            return Response.Text("too late");
        }));
        peer = server.ConnectNow();
        peer.Send(string.Concat(Enumerable.Repeat(Get("/"), 40)));
        server.Settle();

        Assert.That((begun, server.ConnectionTasks), Is.EqualTo((1, 0)));
    }

    [Test]
    public void Requests_that_wait_for_nothing_end_with_the_turn_in_which_their_client_goes()
    {
        int begun = 0;
        HttpPeer? peer = null;
        using var server = new ServerFixture(
            app => app.OnGet("/", _ =>
            {
                if (++begun == 1)
                {
                    peer!.Reset();
                }

                return Response.Text("hello");
            }),
            new HttpServerOptions { Limits = new() { RequestsPerTurn = 10 } });
        peer = server.ConnectNow();
        peer.Send(string.Concat(Enumerable.Repeat(Get("/"), 400)));
        server.Settle();

        // The reset arrives behind the turn in which it was sent, and the next one may begin.
        Assert.That(begun, Is.LessThanOrEqualTo(20));
        Assert.That(server.ConnectionTasks, Is.Zero);
    }

    [Test]
    public void The_rest_of_a_body_is_not_drained_for_a_client_that_has_gone()
    {
        using var server = new ServerFixture(app => app.Post("/", async _ =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(1));
            return Response.Text("unread");
        }));
        HttpPeer peer = server.ConnectNow();
        peer.Send("POST / HTTP/1.1\r\nHost: test\r\nContent-Length: 100\r\n\r\nsome");
        server.RunFor(0.5);
        peer.Reset();
        server.RunFor(0.5);

        Assert.That(server.ConnectionTasks, Is.Zero);
    }

    [Test]
    public void An_answer_does_not_wait_for_a_later_handler_that_waits()
    {
        using var server = new ServerFixture(app => app.Get("/{seconds}", async request =>
        {
            await EventLoop.Delay(TimeSpan.FromSeconds(request.MatchInfo["seconds"].Length));
            return Response.Text("waited");
        }));
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/1") + Get("/123456789"));
        server.RunFor(2);

        Assert.That(peer.TakeOne().Text, Is.EqualTo("waited"));
    }

    [TestCaseSource(typeof(RealDrivers), nameof(RealDrivers.Names))]
    public void A_real_reset_ends_what_was_pipelined(string driver)
    {
        int begun = 0;
        using var isBegun = new ManualResetEventSlim();
        var answers = new TaskCompletionSource();
        using var server = new RealServer(driver, app => app.Get("/", async _ =>
        {
            begun++;
            isBegun.Set();
            await answers.Task;
            await EventLoop.Yield();
            return Response.Text("nobody hears it");
        }));
        using Socket socket = server.Connect();
        RealServer.Send(socket, string.Concat(Enumerable.Repeat(Get("/"), 40)));
        Assert.That(isBegun.Wait(s_hung));
        socket.LingerState = new LingerOption(true, 0);
        socket.Dispose();
        answers.SetResult();
        server.WaitUntilQuiet();

        Assert.That(begun, Is.EqualTo(1));
    }
}

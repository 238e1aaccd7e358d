using Reactor.Simulation;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// Each deadline of a connection, to the tick: one tick before it nothing has happened, what
/// arrives exactly at it is in time, and one tick later it is over.
/// </summary>
public class DeadlineTests
{
    private static readonly TimeSpan s_tick = TimeSpan.FromTicks(1);

    // Everything is under way for a tick: what is sent a tick before a deadline arrives exactly at
    // it. The deadlines are counted from what the server sees.
    private static readonly InMemoryOptions s_tickAway = new()
    {
        Faults = new FaultPlan { DelayMin = s_tick, DelayMax = s_tick },
    };

    [Test]
    public void H71_a_connection_that_says_nothing_is_closed_silently_after_ten_seconds()
    {
        using var server = new ServerFixture();
        HttpPeer peer = server.Connect();
        server.Settle();
        TimeSpan end = TimeSpan.FromSeconds(10);
        server.RunTo(end - s_tick);
        Assert.That((peer.IsEnded, server.ConnectionTasks), Is.EqualTo((false, 1)));

        server.RunTo(end + s_tick);
        Assert.That((peer.IsEnded, peer.IsReset, peer.Received), Is.EqualTo((true, false, "")));
        Assert.That(server.ConnectionTasks, Is.Zero);
    }

    [TestCase(0, true)]
    [TestCase(1, false)]
    public void A_first_byte_that_arrives_at_the_limit_is_in_time(int ticksLate, bool isServed)
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"), network: s_tickAway);
        HttpPeer peer = server.Connect();
        server.RunTo(2 * s_tick);
        Assert.That(server.ConnectionTasks, Is.EqualTo(1), "accepted after a tick");

        TimeSpan end = s_tick + TimeSpan.FromSeconds(10);
        server.RunTo(end - s_tick + (ticksLate * s_tick));
        peer.Send(Get("/"));
        server.RunFor(1);

        Assert.That(peer.Received, isServed ? Does.StartWith("HTTP/1.1 200") : Is.Empty);
    }

    [Test]
    public void A_head_that_trickles_is_408_and_the_end_ten_seconds_after_its_first_byte()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        HttpPeer peer = server.ConnectNow();
        server.RunTo(TimeSpan.FromSeconds(9));
        string head = Get("/");
        for (int i = 0; i < 10; i++)
        {
            server.RunTo(TimeSpan.FromSeconds(9 + i));
            peer.Send(head[i..(i + 1)]);
        }

        TimeSpan end = TimeSpan.FromSeconds(19);
        server.RunTo(end - s_tick);
        Assert.That(peer.Received, Is.Empty);

        server.RunTo(end + (2 * s_tick));
        RawAnswer answer = peer.TakeOne();
        Assert.That((answer.Status, answer.SaysClose, peer.IsEnded), Is.EqualTo((408, true, true)));
        Assert.That(server.RentedBlocks, Is.LessThanOrEqualTo(1));
    }

    [TestCase(0, 200)]
    [TestCase(1, 408)]
    public void The_end_of_a_head_that_arrives_at_the_limit_is_in_time(int ticksLate, int status)
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"), network: s_tickAway);
        HttpPeer peer = server.Connect();
        server.RunTo(10 * s_tick);
        peer.Send("GET / HTTP/1.1\r\n");
        TimeSpan end = (11 * s_tick) + TimeSpan.FromSeconds(10);
        server.RunTo(end - s_tick + (ticksLate * s_tick));
        peer.Send("Host: test\r\n\r\n");
        server.RunFor(1);

        Assert.That(peer.TakeOne().Status, Is.EqualTo(status));
    }

    [Test]
    public void A_head_deadline_is_counted_anew_for_each_request()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        HttpPeer peer = server.ConnectNow();
        for (int i = 0; i < 5; i++)
        {
            peer.Send("GET / HTTP/1.1\r\n");
            server.RunFor(9);
            Assert.That(peer.Ask("Host: test\r\n\r\n").Status, Is.EqualTo(200));
        }
    }

    [Test]
    public void H71_an_idle_connection_is_closed_silently_75_seconds_after_its_answer()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        HttpPeer peer = server.ConnectNow();
        TimeSpan asked = default;
        for (int i = 0; i < 3; i++)
        {
            server.RunFor(60);
            asked = server.Driver.Now;
            if (i == 0)
            {
                Assert.That(peer.IsEnded, "no first byte came");
                peer = server.ConnectNow();
                asked = server.Driver.Now;
            }

            Assert.That(peer.Ask(Get("/")).Status, Is.EqualTo(200));
        }

        TimeSpan end = asked + TimeSpan.FromSeconds(75);
        server.RunTo(end - s_tick);
        Assert.That(peer.IsEnded, Is.False);
        server.RunTo(end + s_tick);
        Assert.That((peer.IsEnded, peer.IsReset, peer.Received), Is.EqualTo((true, false, "")));
    }

    [TestCase(0, true)]
    [TestCase(1, false)]
    public void A_next_request_that_arrives_at_the_limit_is_in_time(int ticksLate, bool isServed)
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"), network: s_tickAway);
        HttpPeer peer = server.Connect();
        server.RunTo(10 * s_tick);
        peer.Send(Get("/"));
        server.RunFor(1);
        peer.TakeOne();
        TimeSpan end = (11 * s_tick) + TimeSpan.FromSeconds(75);
        server.RunTo(end - s_tick + (ticksLate * s_tick));
        peer.Send(Get("/"));
        server.RunFor(1);

        Assert.That(peer.Received, isServed ? Does.StartWith("HTTP/1.1 200") : Is.Empty);
    }

    [Test]
    public void A_handler_that_takes_long_is_not_the_clients_idleness()
    {
        using var server = new ServerFixture(app => app.Get("/", async _ =>
        {
            await EventLoop.Delay(TimeSpan.FromHours(1));
            return Response.Text("slow");
        }));
        HttpPeer peer = server.Connect();
        peer.Send(Get("/"));
        server.RunFor(3601);

        Assert.That(peer.TakeOne().Text, Is.EqualTo("slow"));
    }

    [Test]
    public void A_connection_that_is_used_lives_and_is_idle_from_its_last_answer_on()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"));
        HttpPeer peer = server.ConnectNow();
        for (int i = 0; i < 100; i++)
        {
            server.RunFor(9);
            Assert.That(peer.Ask(Get("/")).Status, Is.EqualTo(200));
        }

        server.RunFor(74);
        Assert.That(peer.IsEnded, Is.False);
        server.RunFor(2);
        Assert.That(peer.IsEnded);
    }

    [Test]
    public void The_handlers_limit_is_503_and_the_end()
    {
        using var server = new ServerFixture(
            app => app.Get("/", async _ =>
            {
                await EventLoop.Delay(TimeSpan.FromHours(1));
                return Response.Text("never");
            }),
            new HttpServerOptions { Times = new() { HandlerTimeout = TimeSpan.FromSeconds(20) } });
        HttpPeer peer = server.ConnectNow();
        TimeSpan begun = server.Driver.Now;
        peer.Send(Get("/"));
        server.RunTo(begun + TimeSpan.FromSeconds(20) - s_tick);
        Assert.That(peer.Received, Is.Empty);

        server.RunTo(begun + TimeSpan.FromSeconds(20) + (2 * s_tick));
        RawAnswer answer = peer.TakeOne();
        Assert.That((answer.Status, answer.SaysClose, peer.IsEnded), Is.EqualTo((503, true, true)));
        Assert.That(server.Logged(), Has.Some.Contains("took longer than"));
    }

    [Test]
    public void A_late_handler_that_had_begun_its_answer_is_cut_off()
    {
        using var server = new ServerFixture(
            app => app.Get("/", async request =>
            {
                var stream = new StreamResponse();
                stream.Prepare(request);
                await stream.WriteAsync("begun"u8.ToArray());
                await EventLoop.Delay(TimeSpan.FromHours(1));
                return stream;
            }),
            new HttpServerOptions { Times = new() { HandlerTimeout = TimeSpan.FromSeconds(20) } });
        HttpPeer peer = server.ConnectNow();
        peer.Send(Get("/"));
        server.RunFor(21);

        Assert.That((peer.IsReset, server.ConnectionTasks), Is.EqualTo((true, 0)));
    }

    [Test]
    public void A_late_handler_that_answers_all_the_same_is_heard_and_the_connection_lives()
    {
        using var server = new ServerFixture(
            app => app.Get("/", Handlers.Outlive(TimeSpan.FromSeconds(1))),
            new HttpServerOptions { Times = new() { HandlerTimeout = TimeSpan.FromSeconds(20) } });
        HttpPeer peer = server.ConnectNow();
        for (int i = 0; i < 2; i++)
        {
            peer.Send(Get("/"));
            server.RunFor(22);
            Assert.That(peer.TakeOne().Text, Is.EqualTo("late"));
        }
    }

    [Test]
    public void A_send_that_outlives_its_connection_sets_no_deadline()
    {
        var hint = new LinkHint("/" + new string('x', 10_000));
        using var server = new ServerFixture(
            app => app.Get("/", async request =>
            {
                for (int i = 0; i < 100; i++)
                {
                    request.SendEarlyHints(hint);
                }

                await EventLoop.Delay(TimeSpan.FromHours(1));
                return Response.Text("never");
            }),
            new HttpServerOptions { Times = new() { HandlerTimeout = TimeSpan.FromSeconds(20) } });
        HttpPeer peer = server.ConnectNow();
        peer.IsReading = false;
        peer.Send(Get("/"));
        server.Settle();
        Assert.That(server.Loop.AllTasks().Select(task => task.Name), Has.Member("send"));

        OpenConnection connection = server.Http.Host.Connections.Single();
        server.Loop.AllTasks().Single(task => task.Name == "connection").Cancel();
        server.Settle();
        Assert.That(connection.Due, Is.Null);
        server.RunFor(21);
        Assert.That(server.Logged(), Is.Empty);
    }

    [Test]
    public void A_duration_that_cannot_be_meant_is_refused_by_name()
    {
        Assert.That(
            () => new HttpServerOptions { Times = new() { HeaderTimeout = TimeSpan.Zero } },
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contain("HeaderTimeout"));
    }
}

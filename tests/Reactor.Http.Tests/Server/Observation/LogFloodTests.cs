using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// A client that causes the same log line again and again: each kind has so many lines a second,
/// and the next one says how many there were.
/// </summary>
public class LogFloodTests
{
    [Test]
    public void Refusals_are_logged_ten_times_a_second_and_then_counted()
    {
        using var server = new ServerFixture();
        for (int i = 0; i < 25; i++)
        {
            server.Connect().Send("BAD\r\n\r\n");
        }

        server.Settle();
        Assert.That(server.Logged().Count(IsRefusal), Is.EqualTo(10));

        server.RunFor(1);
        server.Connect().Ask("BAD\r\n\r\n");
        Assert.That(server.Logged().Count(IsRefusal), Is.EqualTo(11));
        Assert.That(server.Logged(), Has.Some.EqualTo(
            "15 more lines were not logged: bad requests"));
    }

    [Test]
    public void Failures_are_logged_ten_times_a_second_for_each_route_and_exception()
    {
        using var server = new ServerFixture(app =>
        {
            app.OnGet("/fails/{id}", _ => throw new FormatException("on purpose"));
            app.OnGet("/fails/{id}/late", _ => throw new TimeoutException("on purpose"));
        });
        HttpPeer peer = server.Connect();
        peer.Send(string.Concat(Enumerable.Range(0, 1000).Select(i => Get($"/fails/{i}"))));
        peer.Send(string.Concat(Enumerable.Range(0, 12).Select(i => Get($"/fails/{i}/late"))));
        server.Settle();
        Assert.That(peer.Take().Select(a => a.Status), Is.All.EqualTo(500).And.Exactly(1012).Items);
        Assert.That(server.Logged().Count(IsFailure), Is.EqualTo(20));

        server.RunFor(1);
        peer.Send(Get("/fails/1"));
        server.Settle();
        Assert.That(server.Logged().Count(IsFailure), Is.EqualTo(21));
        Assert.That(server.Logged(), Has.Some.EqualTo("990 more lines were not logged: "
            + "failures of handlers of /fails/{id}, FormatException"));

        server.Run(async () => await server.BeginShutdown());
        Assert.That(server.Logged(), Has.Some.EqualTo("2 more lines were not logged: "
            + "failures of handlers of /fails/{id}/late, TimeoutException"), "at the end");
    }

    [Test]
    public void Late_handlers_and_broken_responses_are_logged_ten_times_a_second()
    {
        using var server = new ServerFixture(
            app =>
            {
                app.Get("/late", async _ =>
                {
                    await EventLoop.Delay(TimeSpan.FromHours(1));
                    return Response.Text("");
                });
                app.OnGet("/broken", request =>
                {
                    var response = new StreamResponse(contentLength: 9);
                    response.Prepare(request);
                    return response;
                });
            },
            new HttpServerOptions { Times = new() { HandlerTimeout = TimeSpan.FromSeconds(1) } });
        for (int i = 0; i < 15; i++)
        {
            server.Connect().Send(Get("/late"));
            server.Connect().Send(Get("/broken"));
        }

        server.RunFor(2);
        Assert.That(server.Logged().Count(line => line.Contains("took longer")), Is.EqualTo(10));
        Assert.That(server.Logged().Count(line => line.Contains("less than")), Is.EqualTo(10));
    }

    [Test]
    public void An_access_log_that_throws_is_logged_ten_times_a_second()
    {
        using var server = new ServerFixture(app => app.OnGet("/", "hi"), new HttpServerOptions
        {
            Log = new() { AccessLog = _ => throw new FormatException("on purpose") },
        });
        HttpPeer peer = server.Connect();
        peer.Send(string.Concat(Enumerable.Repeat(Get("/"), 50)));
        server.Settle();

        Assert.That(peer.Take().Select(a => a.Status), Is.All.EqualTo(200).And.Exactly(50).Items);
        Assert.That(server.Logged(), Has.Exactly(10).StartsWith("The access log threw"));
    }

    [Test]
    public void Without_lines_nothing_is_logged_about_failures()
    {
        using var server = new ServerFixture(
            app => app.OnGet("/fails", _ => throw new FormatException("on purpose")),
            new HttpServerOptions { Log = new() { FailureLinesPerSecond = 0 } });
        Assert.That(server.Ask(Get("/fails")).Status, Is.EqualTo(500));
        server.Run(async () => await server.BeginShutdown());
        Assert.That(server.Logged(), Has.None.Contains("fails"));
    }

    private static bool IsFailure(string line) =>
        line.StartsWith("The handler of", StringComparison.Ordinal);

    private static bool IsRefusal(string line) =>
        line.StartsWith("Bad request", StringComparison.Ordinal);
}

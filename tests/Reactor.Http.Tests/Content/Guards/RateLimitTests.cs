using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Content.Guards.GuardWorld;

namespace Reactor.Http.Tests.Content.Guards;

/// <summary>429 and Retry-After on the virtual clock of the loop.</summary>
public sealed class RateLimitTests
{
    private static readonly RateLimitOptions s_options = new()
    {
        Requests = 4,
        Window = TimeSpan.FromSeconds(10),
        Burst = 2,
    };

    [Test]
    public void The_burst_is_served_and_the_next_request_waits()
    {
        using ServerFixture server = Serve(s_options);
        Assert.That(Statuses(server, 3), Is.EqualTo(new[] { 200, 200, 429 }));
        RawAnswer refused = server.Ask(Request("GET", "/"));
        Assert.That(refused["Retry-After"], Is.EqualTo("3")); // 2.5 s, rounded up
        Assert.That(refused.Text, Does.Contain("too many requests"));
        server.RunFor(3);
        Assert.That(Statuses(server, 2), Is.EqualTo(new[] { 200, 429 }));
        server.RunFor(1_000);
        Assert.That(Statuses(server, 3), Is.EqualTo(new[] { 200, 200, 429 }));
    }

    [Test]
    public void A_client_that_waits_for_Retry_After_is_served()
    {
        using ServerFixture server = Serve(s_options);
        Statuses(server, 2);
        for (int i = 0; i < 10; i++)
        {
            RawAnswer refused = server.Ask(Request("GET", "/"));
            Assert.That(refused.Status, Is.EqualTo(429));
            server.RunFor(int.Parse(refused["Retry-After"]!));
            Assert.That(server.Ask(Request("GET", "/")).Status, Is.EqualTo(200));
        }
    }

    [Test]
    public void An_application_has_one_count_and_a_route_its_own()
    {
        using var server = new ServerFixture(app =>
        {
            app.UseRateLimit(s_options with { Burst = 3 });
            app.OnGet("/a", "a");
            app.Get("/b", _ => Response.Text("b")).UseRateLimit(s_options with { Burst = 1 });
        });
        Assert.That(Ask("/b"), Is.EqualTo(200));
        Assert.That(Ask("/b"), Is.EqualTo(429));
        Assert.That(Ask("/a"), Is.EqualTo(200));
        Assert.That(Ask("/a"), Is.EqualTo(429));
        Assert.That(Ask("/none"), Is.EqualTo(429));

        int Ask(string target) => server.Ask(Request("GET", target)).Status;
    }

    [Test]
    public void A_refused_upload_is_not_read()
    {
        using var server = new ServerFixture(app =>
        {
            app.UseRateLimit(s_options with { Burst = 1 });
            app.OnEcho();
        });
        Assert.That(server.Ask(ServerFixture.Post("/echo", "abc")).Status, Is.EqualTo(200));
        RawAnswer refused = server.Ask(
            "POST /echo HTTP/1.1\r\nHost: site.test\r\nContent-Length: 1000000\r\n"
            + "Expect: 100-continue\r\n\r\n");
        Assert.That(refused.Status, Is.EqualTo(429));
    }

    [Test]
    public void Options_without_sense_are_refused()
    {
        Assert.That(
            () => new RateLimitOptions { Requests = 0 },
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => new RateLimitOptions { Requests = 1, Window = TimeSpan.Zero },
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => new RateLimitOptions { Requests = 1, Window = Timeout.InfiniteTimeSpan },
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => new RateLimitOptions { Requests = 1, Burst = 0 },
            Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(
            () => new RateLimitOptions { Requests = 1, KeysMax = 0 },
            Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static ServerFixture Serve(RateLimitOptions options) => new(
        app =>
        {
            app.UseRateLimit(options);
            app.OnGet("/", "served");
        }, ServerFixture.Patient);

    private static int[] Statuses(ServerFixture server, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => server.Ask(Request("GET", "/")).Status)];
}

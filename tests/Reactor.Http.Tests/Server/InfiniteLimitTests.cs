using System.Reflection;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// <see cref="Timeout.InfiniteTimeSpan"/> in the options of a server: no limit, except where the
/// duration is no limit.
/// </summary>
[TestFixture]
public sealed class InfiniteLimitTests
{
    /// <summary>A field of the response and a wait for late clients: both must end.</summary>
    private static readonly string[] s_finite =
        [nameof(HttpServerOptions.RetryAfter), nameof(HttpServerOptions.ShutdownAcceptTime)];

    private static IEnumerable<string> Durations => typeof(HttpServerOptions).GetProperties()
        .Where(property => property.CanWrite
            && (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)
                == typeof(TimeSpan))
        .Select(property => property.Name);

    [TestCaseSource(nameof(Durations))]
    public void An_infinite_limit_of_a_server_is_no_limit(string name)
    {
        PropertyInfo property = typeof(HttpServerOptions).GetProperty(name)!;
        var options = new HttpServerOptions();
        property.SetValue(options, Timeout.InfiniteTimeSpan);
        if (s_finite.Contains(name))
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => Make(options));
            return;
        }

        Assert.That(property.GetValue(Make(options).Options), Is.EqualTo(TimeSpan.MaxValue));
    }

    [Test]
    public void An_idle_client_stays_for_a_year_where_that_has_no_limit()
    {
        using var server = new ServerFixture(
            app => app.Get("/", async Coroutine<Response> (_) =>
            {
                await EventLoop.Yield();
                return Response.Text("hi");
            }),
            new HttpServerOptions { KeepAliveTimeout = Timeout.InfiniteTimeSpan });
        HttpPeer peer = server.ConnectNow();
        peer.Ask(Get("/"));
        server.RunFor(TimeSpan.FromDays(365).TotalSeconds);

        Assert.That(peer.IsEnded, Is.False);
        Assert.That(peer.Ask(Get("/")).Text, Is.EqualTo("hi"));
    }

    private static HttpServer Make(HttpServerOptions options) =>
        new Application().MakeHandler(options);
}

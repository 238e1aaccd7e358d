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
        [nameof(HttpServerOverload.RetryAfter), nameof(HttpServerShutdown.AcceptTime)];

    private static readonly object[] s_groups =
        [new HttpServerTimes(), new HttpServerOverload(), new HttpServerShutdown()];

    private static IEnumerable<TestCaseData> Durations =>
        from place in Enumerable.Range(0, s_groups.Length)
        from property in s_groups[place].GetType().GetProperties()
        where property.CanWrite
            && (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType)
                == typeof(TimeSpan)
        select new TestCaseData(place, property.Name);

    [Test]
    public void Every_group_of_options_with_a_duration_is_here() => Assert.That(
        typeof(HttpServerOptions).GetProperties()
            .Where(group => group.PropertyType.GetProperties()
                .Any(property => property.PropertyType == typeof(TimeSpan)))
            .Select(group => group.PropertyType),
        Is.EquivalentTo(s_groups.Select(group => group.GetType())));

    [TestCaseSource(nameof(Durations))]
    public void An_infinite_limit_of_a_server_is_no_limit(int place, string name)
    {
        object group = Activator.CreateInstance(s_groups[place].GetType())!;
        PropertyInfo property = group.GetType().GetProperty(name)!;
        void SetInfinite() => property.SetValue(group, Timeout.InfiniteTimeSpan);
        if (s_finite.Contains(name))
        {
            Assert.That(
                SetInfinite,
                Throws.InnerException.InstanceOf<ArgumentOutOfRangeException>()
                    .With.InnerException.Message.Contain(name));
            return;
        }

        SetInfinite();
        Assert.That(property.GetValue(group), Is.EqualTo(TimeSpan.MaxValue));
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
            new HttpServerOptions
            {
                Times = new() { KeepAliveTimeout = Timeout.InfiniteTimeSpan },
            });
        HttpPeer peer = server.ConnectNow();
        peer.Ask(Get("/"));
        server.RunFor(TimeSpan.FromDays(365).TotalSeconds);

        Assert.That(peer.IsEnded, Is.False);
        Assert.That(peer.Ask(Get("/")).Text, Is.EqualTo("hi"));
    }
}

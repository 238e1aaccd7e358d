using NUnit.Framework.Constraints;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// Each option at the end of its range and one beyond: the exception names the option and the
/// range.
/// </summary>
public sealed class ClientOptionsTests
{
    private static readonly ClientOptions s_default = new();

    private static IEnumerable<TestCaseData> Durations()
    {
        yield return Of("PoolTimeout", time => s_default with { PoolTimeout = time });
        yield return Of("ConnectTimeout", time => s_default with { ConnectTimeout = time });
        yield return Of("HeadTimeout", time => s_default with { HeadTimeout = time });
        yield return Of("BodyIdleTimeout", time => s_default with { BodyIdleTimeout = time });
        yield return Of("SendIdleTimeout", time => s_default with { SendIdleTimeout = time });
        yield return Of("Timeout", time => s_default with { Timeout = time });
        yield return Of("IdleTimeout", time => s_default with { IdleTimeout = time });

        static TestCaseData Of(string name, Func<TimeSpan, ClientOptions> set) =>
            new TestCaseData(name, set).SetArgDisplayNames(name);
    }

    private static IEnumerable<TestCaseData> Numbers()
    {
        yield return Of(
            "ConnectionsPerHostMax", 1, n => s_default with { ConnectionsPerHostMax = n });
        yield return Of("ConnectionsMax", 1, n => s_default with { ConnectionsMax = n });
        yield return Of("WaitersMax", 0, n => s_default with { WaitersMax = n });
        yield return Of("BodyBytesMax", 0, n => s_default with { BodyBytesMax = n });
        yield return Of("RedirectsMax", 0, n => s_default with { RedirectsMax = n });
        yield return Of("RetriesMax", 0, n => s_default with { RetriesMax = n });

        static TestCaseData Of(string name, int least, Func<int, ClientOptions> set) =>
            new TestCaseData(name, least, set).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Durations))]
    public void A_duration_is_positive_or_infinite(string name, Func<TimeSpan, ClientOptions> set)
    {
        Assert.That(() => set(new TimeSpan(1)), Throws.Nothing);
        Assert.That(() => set(Timeout.InfiniteTimeSpan), Throws.Nothing);
        Assert.That(() => set(TimeSpan.Zero), Refuses(name, "greater than zero"));
        Assert.That(() => set(new TimeSpan(-1)), Refuses(name, "negative"));
    }

    [TestCaseSource(nameof(Numbers))]
    public void A_number_has_a_least_value(string name, int least, Func<int, ClientOptions> set)
    {
        Assert.That(() => set(least), Throws.Nothing);
        Assert.That(() => set(least - 1), Refuses(name, $"{least}"));
    }

    [Test]
    public void At_most_ten_redirects_are_followed()
    {
        Assert.That(() => s_default with { RedirectsMax = 10 }, Throws.Nothing);
        Assert.That(
            () => s_default with { RedirectsMax = 11 }, Refuses("RedirectsMax", "from 0 to 10"));
    }

    [Test]
    public void What_must_be_there_is_not_null()
    {
        Assert.That(
            () => s_default with { HeadLimits = null! }, Refuses("HeadLimits", "null"));
        Assert.That(
            () => s_default with { DefaultHeaders = null! }, Refuses("DefaultHeaders", "null"));
    }

    [Test]
    public void A_base_address_is_absolute()
    {
        Assert.That(() => s_default with { BaseAddress = new Uri("http://host") }, Throws.Nothing);
        Assert.That(
            () => s_default with { BaseAddress = new Uri("/path", UriKind.Relative) },
            Refuses("BaseAddress", "absolute"));
    }

    private static ContainsConstraint Refuses(string name, string rule) =>
        Throws.InstanceOf<ArgumentException>()
            .With.Message.Contains(name).And.Message.Contains(rule);
}

using System.Globalization;
using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>The start at a time of the wall clock.</summary>
public class StartAtTests
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    private static (RunSettings? Settings, string? Error) Parse(string time) =>
        PlanWords.Parse(["http://127.0.0.1/", "--start-at", time], new StoppedClock());

    [TestCase("+10s", "2026-11-30T12:00:10Z")]
    [TestCase("+0", "2026-11-30T12:00:00Z")]
    [TestCase("+24h", "2026-12-01T12:00:00Z")]
    [TestCase("2026-11-30T12:00:00Z", "2026-11-30T12:00:00Z")]
    [TestCase("2026-11-30T12:00:00.5Z", "2026-11-30T12:00:00.5Z")]
    [TestCase("2026-11-30T13:30+01:00", "2026-11-30T12:30:00Z")]
    [TestCase("2026-11-30T08:00:01-04:00", "2026-11-30T12:00:01Z")]
    [TestCase("2026-12-01T12:00:00Z", "2026-12-01T12:00:00Z")]
    public void A_time_has_an_offset_or_is_a_delay(string text, string start)
    {
        (RunSettings? settings, string? error) = Parse(text);

        Assert.That(error, Is.Null);
        Assert.That(
            settings!.Plan.StartAt,
            Is.EqualTo(DateTimeOffset.Parse(start, CultureInfo.InvariantCulture)));
    }

    [TestCase("2026-11-30T11:59:59Z", "is in the past.")]
    [TestCase("2026-12-01T12:00:01Z", "is more than 24h ahead.")]
    [TestCase("2026-11-30T12:00:00", "must be a time with its offset")]
    [TestCase("2026-11-30", "must be a time with its offset")]
    [TestCase("12:00", "must be a time with its offset")]
    [TestCase("30.11.2026 12:00:00Z", "must be a time with its offset")]
    [TestCase("+25h", "must be a time with its offset")]
    [TestCase("10s", "must be a time with its offset")]
    public void Another_is_refused(string text, string words) => Assert.That(
        Parse(text).Error,
        Does.StartWith("--start-at ").And.Contain(words).And.Contain($"'{text}'"));

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => s_now;
    }
}

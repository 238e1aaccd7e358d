using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>Durations as they are written and shown.</summary>
public class DurationTextTests
{
    [TestCase("10s", 10_000)]
    [TestCase("15", 15_000)]
    [TestCase("2m", 120_000)]
    [TestCase("1h", 3_600_000)]
    [TestCase("500ms", 500)]
    [TestCase("1.5s", 1500)]
    [TestCase("24h", 86_400_000)]
    public void Durations_are_written_as_for_wrk(string text, int milliseconds)
    {
        Assert.That(DurationText.TryParse(text, out TimeSpan duration));
        Assert.That(duration, Is.EqualTo(TimeSpan.FromMilliseconds(milliseconds)));
    }

    [TestCase("")]
    [TestCase("s")]
    [TestCase("-1s")]
    [TestCase("10 s")]
    [TestCase("10S")]
    [TestCase("1e3")]
    [TestCase("1,5s")]
    [TestCase("25h")]
    [TestCase("99999999999999999999999999999999")]
    [TestCase("{\"a\":1}")]
    public void What_is_no_duration_is_refused(string text) =>
        Assert.That(DurationText.TryParse(text, out _), Is.False);

    [TestCase("15", "15s")]
    [TestCase("90s", "90s")]
    [TestCase("120s", "2m")]
    [TestCase("1500ms", "1500ms")]
    [TestCase("0.5", "500ms")]
    public void A_duration_is_shown_exactly(string text, string shown)
    {
        Assert.That(DurationText.TryParse(text, out TimeSpan duration));
        Assert.That(DurationText.Format(duration), Is.EqualTo(shown));
    }
}

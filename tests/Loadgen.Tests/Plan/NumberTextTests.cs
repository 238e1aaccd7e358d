using Reactor.Tools.Loadgen;

namespace Loadgen.Tests;

/// <summary>Numbers and rates as users write them.</summary>
public class NumberTextTests
{
    [TestCase("0", 0)]
    [TestCase("10k", 10_000)]
    [TestCase("10K", 10_000)]
    [TestCase("1.5k", 1500)]
    [TestCase("2m", 2_000_000)]
    [TestCase("0.000001M", 1)]
    [TestCase("9223372036854775807", long.MaxValue)]
    public void Whole_numbers_may_have_a_factor(string text, long number)
    {
        Assert.That(NumberText.TryParseWhole(text, out long read));
        Assert.That(read, Is.EqualTo(number));
    }

    [TestCase("")]
    [TestCase("k")]
    [TestCase("-1")]
    [TestCase("+1")]
    [TestCase(" 1")]
    [TestCase("1 k")]
    [TestCase("1e3")]
    [TestCase("1,000")]
    [TestCase("1_000")]
    [TestCase("0x10")]
    [TestCase("1kk")]
    [TestCase("1g")]
    [TestCase("1.5")]
    [TestCase("0.0001k")]
    [TestCase("9223372036854775808")]
    [TestCase("79228162514264337593543950335m")]
    [TestCase("99999999999999999999999999999999")]
    [TestCase("١")]
    public void What_is_no_whole_number_is_refused(string text) =>
        Assert.That(NumberText.TryParseWhole(text, out _), Is.False);

    [TestCase("20000", 20_000)]
    [TestCase("20k/s", 20_000)]
    [TestCase("300/m", 5)]
    [TestCase("1.5k/m", 25)]
    [TestCase("0.1", 0.1)]
    [TestCase("100m", 1e8)]
    public void Rates_are_per_second_or_per_minute(string text, double perSecond)
    {
        Assert.That(RateText.TryParse(text, out double read));
        Assert.That(read, Is.EqualTo(perSecond));
    }

    [TestCase("0")]
    [TestCase("0/s")]
    [TestCase("-1")]
    [TestCase("1/h")]
    [TestCase("/s")]
    [TestCase("1 /s")]
    [TestCase("NaN")]
    [TestCase("Infinity")]
    [TestCase("100000000.1")]
    public void What_is_no_rate_is_refused(string text) =>
        Assert.That(RateText.TryParse(text, out _), Is.False);

    [Test]
    public void The_end_of_a_stage_may_be_zero() =>
        Assert.That(RateText.TryParseOrZero("0/s", out double rate) && rate == 0);
}

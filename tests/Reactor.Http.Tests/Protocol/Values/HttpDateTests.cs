// Checklist line 35: dates (RFC 9110 5.6.7). The example of the RFC is 6 November 1994, a Sunday.
using System.Text;
using Reactor.Http.Protocol;
using Reactor.Testing;

namespace Reactor.Http.Tests.Protocol;

public sealed class HttpDateTests
{
    private static readonly DateTimeOffset s_example = new(1994, 11, 6, 8, 49, 37, TimeSpan.Zero);
    private static readonly DateTimeOffset s_now = new(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);

    [TestCase("Sun, 06 Nov 1994 08:49:37 GMT")]
    [TestCase("Sunday, 06-Nov-94 08:49:37 GMT")]
    [TestCase("Sun Nov  6 08:49:37 1994")]
    public void H35_three_formats_are_read(string text)
    {
        Assert.That(HttpDate.TryParse(Feed.Octets(text), s_now, out DateTimeOffset moment));
        Assert.That(moment, Is.EqualTo(s_example));
    }

    [Test]
    public void H35_one_format_is_written()
    {
        byte[] text = new byte[HttpDate.Length];
        HttpDate.Format(s_example.ToOffset(TimeSpan.FromHours(5)), text);
        Assert.That(Encoding.ASCII.GetString(text), Is.EqualTo("Sun, 06 Nov 1994 08:49:37 GMT"));
        Assert.That(() => HttpDate.Format(s_example, new byte[28]), Throws.ArgumentException);
    }

    [Test]
    public void H35_what_is_written_is_read_again()
    {
        byte[] text = new byte[HttpDate.Length];
        for (int day = 0; day < 1500; day++)
        {
            DateTimeOffset moment = s_example.AddDays(day).AddSeconds(day * 61);
            HttpDate.Format(moment, text);
            Assert.That(HttpDate.TryParse(text, s_now, out DateTimeOffset again));
            Assert.That(again, Is.EqualTo(moment));
        }
    }

    [TestCase("76", "2076-07-01T12:00:00Z", "Wednesday, 01-Jul-{0} 12:00:00 GMT")]
    [TestCase("76", "1976-07-01T12:00:01Z", "Thursday, 01-Jul-{0} 12:00:01 GMT")]
    [TestCase("77", "1977-01-01T00:00:00Z", "Saturday, 01-Jan-{0} 00:00:00 GMT")]
    [TestCase("26", "2026-01-01T00:00:00Z", "Thursday, 01-Jan-{0} 00:00:00 GMT")]
    [TestCase("00", "2000-02-29T00:00:00Z", "Tuesday, 29-Feb-{0} 00:00:00 GMT")]
    [TestCase("99", "1999-12-31T23:59:59Z", "Friday, 31-Dec-{0} 23:59:59 GMT")]
    public void H35_two_digits_more_than_50_years_ahead_are_past(
        string year, string expected, string format)
    {
        byte[] text = Feed.Octets(format.Replace("{0}", year, StringComparison.Ordinal));
        Assert.That(HttpDate.TryParse(text, s_now, out DateTimeOffset moment));
        Assert.That(moment, Is.EqualTo(DateTimeOffset.Parse(expected, null)));
    }

    [Test]
    public void H35_a_leap_second_is_read() =>
        Assert.That(HttpDate.TryParse("Sat, 31 Dec 2016 23:59:60 GMT"u8, s_now, out _));

    [TestCase("")]
    [TestCase("0")]
    [TestCase("Sun, 06 Nov 1994 08:49:37")]
    [TestCase("Sun, 06 Nov 1994 08:49:37 UTC")]
    [TestCase("sun, 06 Nov 1994 08:49:37 GMT")]
    [TestCase("Sun, 06 nov 1994 08:49:37 GMT")]
    [TestCase("Xyz, 06 Nov 1994 08:49:37 GMT")]
    [TestCase("Sun, 31 Nov 1994 08:49:37 GMT")]
    [TestCase("Sun, 00 Nov 1994 08:49:37 GMT")]
    [TestCase("Sun, 29 Feb 1995 08:49:37 GMT")]
    [TestCase("Sun, 06 Nov 0000 08:49:37 GMT")]
    [TestCase("Sun, 06 Nov 1994 24:00:00 GMT")]
    [TestCase("Sun, 06 Nov 1994 08:60:37 GMT")]
    [TestCase("Sun, 06 Nov 1994 08:49:61 GMT")]
    [TestCase("Sun, +6 Nov 1994 08:49:37 GMT")]
    [TestCase("Sun, 06 Nov 1994 08:49:37 GMT ")]
    [TestCase("Sun,  6 Nov 1994 08:49:37 GMT")]
    [TestCase("Sunday, 06-Nov-1994 08:49:37 GMT")]
    [TestCase("Sonntag, 06-Nov-94 08:49:37 GMT")]
    [TestCase("Sun Nov 6 08:49:37 1994")]
    [TestCase("Sun Nov  6 08:49:37 19x4")]
    public void H35_anything_else_is_no_date(string text) =>
        Assert.That(HttpDate.TryParse(Feed.Octets(text), s_now, out _), Is.False);
}

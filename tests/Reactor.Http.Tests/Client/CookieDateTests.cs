namespace Reactor.Http.Tests.Client;

/// <summary>Dates of Expires, by the algorithm of RFC 6265 5.1.1.</summary>
public sealed class CookieDateTests
{
    // The same moment in the formats of RFC 9110, of Netscape, and in any order.
    [TestCase("Sun, 06 Nov 1994 08:49:37 GMT")]
    [TestCase("Sunday, 06-Nov-94 08:49:37 GMT")]
    [TestCase("Sun Nov  6 08:49:37 1994")]
    [TestCase("Sun, 06-Nov-1994 08:49:37 GMT")]
    [TestCase("6 nov 94 8:49:37")]
    [TestCase("1994;08:49:37;NOVEMBER;6")]
    [TestCase("08:49:37 06 Nov 1994")]
    [TestCase("Nov 6th 1994 08:49:37Z")]
    [TestCase("\tNov/6/1994 08:49:37")]
    [TestCase("Sun, 06 Nov 1994 08:49:37 +0500")] // no zone is read
    [TestCase("Sun, 06 Nov 1994 08:49:37 GMT 2001 07 Dec 09:00:00")] // the first of each counts
    public void A_date_has_a_time_a_day_a_month_and_a_year_in_any_order(string text)
    {
        Assert.That(CookieDate.TryParse(text, out DateTimeOffset moment), Is.True);
        Assert.That(
            moment, Is.EqualTo(new DateTimeOffset(1994, 11, 6, 8, 49, 37, TimeSpan.Zero)));
    }

    [TestCase("00", 2000)]
    [TestCase("69", 2069)]
    [TestCase("70", 1970)]
    [TestCase("99", 1999)]
    [TestCase("100", 0)]
    [TestCase("1600", 0)]
    [TestCase("1601", 1601)]
    [TestCase("9999", 9999)]
    [TestCase("19940", 0)]
    public void A_year_has_two_to_four_digits_and_is_1601_or_later(string year, int expected)
    {
        bool isDate = CookieDate.TryParse($"01 Jan {year} 00:00:00", out DateTimeOffset moment);
        Assert.That(isDate ? moment.Year : 0, Is.EqualTo(expected));
    }

    [TestCase("")]
    [TestCase("garbage")]
    [TestCase("06 Nov 1994")]
    [TestCase("06 Nov 08:49:37")]
    [TestCase("Nov 1994 08:49:37")]
    [TestCase("06 1994 08:49:37")]
    [TestCase("00 Nov 1994 08:49:37")]
    [TestCase("32 Nov 1994 08:49:37")]
    [TestCase("31 Nov 1994 08:49:37")]
    [TestCase("29 Feb 1995 08:49:37")]
    [TestCase("06 Nov 1994 24:00:00")]
    [TestCase("06 Nov 1994 00:60:00")]
    [TestCase("06 Nov 1994 00:00:60")]
    [TestCase("06 Nov 1994 008:49:37")]
    [TestCase("06 Nov 1994 08:49:371")]
    [TestCase("06 Nov 1994 08:49")]
    [TestCase("06 Nov 1994 08::37")]
    [TestCase("06 Nov 1994 \u0668:49:37")]
    public void What_lacks_a_part_or_has_an_impossible_one_is_no_date(string text) =>
        Assert.That(CookieDate.TryParse(text, out _), Is.False);

    [TestCase("06 Nov 1994 23:59:59")]
    [TestCase("6x Nov 1994y 8:4:7z")]
    [TestCase("29 Feb 1996 0:0:0")]
    public void The_last_values_and_letters_after_digits_are_allowed(string text) =>
        Assert.That(CookieDate.TryParse(text, out _), Is.True);
}

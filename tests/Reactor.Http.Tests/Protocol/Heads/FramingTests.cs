// Checklist lines 38 to 47, and what the head says about the connection (RFC 9112 6 and 9).
using Reactor.Http.Protocol;
using Reactor.Testing;
using static Reactor.Testing.RequestCheck;

namespace Reactor.Http.Tests.Protocol;

public sealed class FramingTests
{
    private const string Start = "POST / HTTP/1.1\r\nHost: a\r\n";

    [TestCase("Content-Length: 5\r\nTransfer-Encoding: \u25B8chunked\r\n")]
    [TestCase("Transfer-Encoding: \u25B8chunked\r\nContent-Length: 5\r\n")]
    [TestCase("Content-Length: 0\r\nTransfer-Encoding: \u25B8chunked\r\n")]
    [TestCase("Content-Length: 5\r\nTransfer-Encoding: \u25B8gzip\r\n")]
    [TestCase("Content-Length: 5\r\nTransfer-Encoding: \u25B8gzip, chunked\r\n")]
    public void H38_length_and_coding_together_are_refused(string fields)
    {
        Refused($"{Start}{fields}\r\n", Rejection.LengthAndCoding);
        Assert.That(RejectionTable.Get(Rejection.LengthAndCoding).Close);
    }

    [TestCase("gzip")]
    [TestCase("identity")]
    [TestCase("chunked, gzip")]
    [TestCase("xchunked")]
    [TestCase("chunked, identity")]
    public void H39_the_last_coding_must_be_chunked(string value)
    {
        Refused($"{Start}Transfer-Encoding: \u25B8{value}\r\n\r\n", Rejection.CodingNotChunkedLast);
        Assert.That(RejectionTable.Get(Rejection.CodingNotChunkedLast).Status, Is.EqualTo(400));
        Assert.That(RejectionTable.Get(Rejection.CodingNotChunkedLast).Close);
    }

    [TestCase("gzip, chunked")]
    [TestCase("nonsense;a=b, Chunked")]
    public void H40_an_unknown_coding_is_not_implemented(string value)
    {
        Refused($"{Start}Transfer-Encoding: \u25B8{value}\r\n\r\n", Rejection.CodingUnknown);
        Assert.That(RejectionTable.Get(Rejection.CodingUnknown).Status, Is.EqualTo(501));
        Assert.That(RejectionTable.Get(Rejection.CodingUnknown).Close);
    }

    [TestCase("Transfer-Encoding: \u25B8chunked, chunked\r\n")]
    [TestCase("Transfer-Encoding: \u25B8chunked, gzip, chunked\r\n")]
    [TestCase("Transfer-Encoding: chunked\r\nTransfer-Encoding: \u25B8chunked\r\n")]
    [TestCase("Transfer-Encoding: gzip\r\nTransfer-Encoding: \u25B8chunked\r\n")]
    public void H41_chunked_stands_once(string fields) =>
        Refused($"{Start}{fields}\r\n", Rejection.CodingRepeated);

    [TestCase("chunked;q=1")]
    [TestCase("chunked ; a")]
    [TestCase(",chunked")]
    [TestCase("chunked,")]
    [TestCase("gzip,,chunked")]
    [TestCase("\"chunked\"")]
    [TestCase("chun ked")]
    [TestCase("\u00A0chunked")]
    [TestCase("chunked\u0085")]
    public void H42_the_value_is_exactly_chunked(string value) =>
        Refused($"{Start}Transfer-Encoding: \u25B8{value}\r\n\r\n", Rejection.CodingInvalid);

    [Test]
    public void H42_an_empty_coding_is_refused() =>
        Refused($"{Start}Transfer-Encoding:\u25B8\r\n\r\n", Rejection.CodingInvalid);

    [TestCase("\u25B8\u000Bchunked")]
    [TestCase("chunked\u25B8\u000C")]
    [TestCase("chunked\u25B8\0")]
    public void H42_controls_do_not_hide_the_coding(string value) =>
        Refused($"{Start}Transfer-Encoding: {value}\r\n\r\n", Rejection.FieldValueControl);

    [TestCase("chunked")]
    [TestCase("Chunked")]
    [TestCase("CHUNKED  ")]
    public void H42_chunked_is_taken_in_any_case(string value)
    {
        RequestTrace trace = Parse($"{Start}Transfer-Encoding: {value}\r\n\r\n");
        Assert.That(trace.BodyKind, Is.EqualTo(BodyKind.Chunked));
        Assert.That(trace.ContentLength, Is.EqualTo(-1));
    }

    [Test]
    public void H43_a_coding_in_10_is_refused() => Refused(
        "POST / HTTP/1.0\r\nTransfer-Encoding: \u25B8chunked\r\n\r\n",
        Rejection.CodingInOldVersion);

    [TestCase("+5")]
    [TestCase("-5")]
    [TestCase("-48")]
    [TestCase("1_0")]
    [TestCase("+1_0")]
    [TestCase("0x10")]
    [TestCase("1Z")]
    [TestCase("1 0")]
    [TestCase("5.")]
    [TestCase("\u00B2")]
    [TestCase("\"5\"")]
    [TestCase("1e3")]
    public void H44_a_length_is_decimal_digits(string value)
    {
        Refused($"{Start}Content-Length: \u25B8{value}\r\n\r\n", Rejection.LengthInvalid);
        Assert.That(RejectionTable.Get(Rejection.LengthInvalid).Close);
    }

    [TestCase("Content-Length:\u25B8\r\n")]
    [TestCase("Content-Length:\u25B8\r\nContent-Length: 5\r\n")]
    public void H44_an_empty_length_is_refused(string fields) =>
        Refused($"{Start}{fields}\r\n", Rejection.LengthInvalid);

    [Test]
    public void H44_the_largest_length_passes_and_one_more_overflows()
    {
        RequestTrace trace = Parse($"{Start}Content-Length: 9223372036854775807\r\n\r\n");
        Assert.That(trace.ContentLength, Is.EqualTo(long.MaxValue));
        Refused(
            $"{Start}Content-Length: \u25B89223372036854775808\r\n\r\n", Rejection.LengthOverflow);
        Refused(
            $"{Start}Content-Length: \u25B818446744073709551621\r\n\r\n", Rejection.LengthOverflow);
    }

    [TestCase("Content-Length: \u25B85, 5\r\n")]
    [TestCase("Content-Length: \u25B85,\r\n")]
    [TestCase("Content-Length: 5\r\nContent-Length: \u25B85\r\n")]
    [TestCase("Content-Length: 0\r\nContent-Length: \u25B81\r\n")]
    public void H45_two_lengths_are_refused_even_if_equal(string fields) =>
        Refused($"{Start}{fields}\r\n", Rejection.LengthRepeated);

    [TestCase("00")]
    [TestCase("010")]
    [TestCase("05")]
    public void H46_leading_zeros_are_refused(string value) =>
        Refused($"{Start}Content-Length: \u25B8{value}\r\n\r\n", Rejection.LengthLeadingZero);

    [Test]
    public void H46_a_zero_alone_is_no_body()
    {
        RequestTrace trace = Parse($"{Start}Content-Length: 0\r\n\r\n");
        Assert.That(trace.ContentLength, Is.Zero);
        Assert.That(trace.BodyKind, Is.EqualTo(BodyKind.None));
    }

    [Test]
    public void H47_without_framing_there_is_no_body()
    {
        RequestTrace trace = Parse($"{Start}Content-Type: text/plain\r\n\r\n");
        Assert.That(trace.BodyKind, Is.EqualTo(BodyKind.None));
        Assert.That(trace.ContentLength, Is.EqualTo(-1));
    }

    [TestCase("1.1", "", true)]
    [TestCase("1.1", "Connection: close\r\n", false)]
    [TestCase("1.1", "Connection: Upgrade, CLOSE\r\n", false)]
    [TestCase("1.1", "Connection: keep-alive\r\nConnection: x ,close\r\n", false)]
    [TestCase("1.1", "Connection: closed\r\n", true)]
    [TestCase("1.0", "", false)]
    [TestCase("1.0", "Connection: Keep-Alive\r\n", true)]
    [TestCase("1.0", "Connection: keep-alive, close\r\n", false)]
    [TestCase("1.0", "Keep-Alive: timeout=5\r\n", false)]
    public void H62_a_connection_lives_as_RFC_9112_says(
        string version, string fields, bool lives) =>
        Assert.That(
            Parse($"GET / HTTP/{version}\r\nHost: a\r\n{fields}\r\n").KeepAlive,
            Is.EqualTo(lives));

    [TestCase("1.1", "Content-Length: 5\r\nExpect: 100-Continue\r\n", true)]
    [TestCase("1.1", "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n", true)]
    [TestCase("1.1", "Expect: 100-continue\r\n", false)]
    [TestCase("1.0", "Content-Length: 5\r\nExpect: 100-continue\r\n", false)]
    public void H75_100_is_awaited_with_a_body_and_not_in_10(
        string version, string fields, bool expects) =>
        Assert.That(
            Parse($"POST / HTTP/{version}\r\nHost: a\r\n{fields}\r\n").ExpectContinue,
            Is.EqualTo(expects));

    [TestCase("Expect: \u25B8200-ok\r\n")]
    [TestCase("Expect: \u25B8100-continue, x\r\n")]
    [TestCase("Expect: \u25B8100-continue;q=1\r\n")]
    [TestCase("Expect: \u25B8,200-ok\r\n")]
    public void H76_another_expectation_fails(string field)
    {
        Refused($"{Start}Content-Length: 5\r\n{field}\r\n", Rejection.ExpectationUnknown);
        Assert.That(RejectionTable.Get(Rejection.ExpectationUnknown).Status, Is.EqualTo(417));
    }

    [TestCase("100-continue,", true)]
    [TestCase(", 100-Continue ,", true)]
    [TestCase("100-continue,,,,,,,,", true)]
    [TestCase("", false)]
    [TestCase(" ", false)]
    [TestCase(",,,,,,,", false)]
    public void H33_H76_empty_elements_of_Expect_mean_nothing(string value, bool expects) =>
        Assert.That(
            Parse($"{Start}Content-Length: 5\r\nExpect: {value}\r\n\r\n").ExpectContinue,
            Is.EqualTo(expects));

    [TestCase(",,,,,,,,")]
    [TestCase("100-continue,,,,,,,,,")]
    public void H33_H76_nine_empty_elements_of_Expect_are_refused(string value) => Refused(
        $"{Start}Content-Length: 5\r\nExpect: \u25B8{value}\r\n\r\n",
        Rejection.ListEmptyElements);

    [TestCase("1.1", "Connection: upgrade\r\nUpgrade: websocket\r\n", true)]
    [TestCase("1.1", "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n", true)]
    [TestCase("1.1", "Upgrade: websocket\r\n", false)]
    [TestCase("1.1", "Connection: upgrade\r\n", false)]
    [TestCase("1.0", "Connection: upgrade\r\nUpgrade: websocket\r\n", false)]
    public void H78_an_upgrade_needs_both_fields_and_11(string version, string fields, bool has) =>
        Assert.That(
            Parse($"GET / HTTP/{version}\r\nHost: a\r\n{fields}\r\n").HasUpgrade, Is.EqualTo(has));

    private const string Offer = "Connection: upgrade\r\nUpgrade: h2c\r\n";

    [TestCase("Content-Length: 1\r\n")]
    [TestCase("Transfer-Encoding: chunked\r\n")]
    [TestCase("Content-Length: 1\r\nExpect: 100-continue\r\n")]
    public void H78_an_offer_with_a_body_is_ignored(string fields)
    {
        RequestTrace head = Parse($"{Start}{Offer}{fields}\r\n");
        Assert.That((head.HasUpgrade, head.KeepAlive), Is.EqualTo((false, true)));
        Assert.That(head.BodyKind, Is.Not.EqualTo(BodyKind.None));
    }

    [TestCase("1.1", Offer + "Content-Length: 0\r\n")]
    [TestCase("1.1", "Upgrade: h2c\r\nContent-Length: 1\r\n")]
    [TestCase("1.1", "Connection: upgrade\r\nContent-Length: 1\r\n")]
    [TestCase("1.0", Offer + "Content-Length: 1\r\n")]
    public void H78_what_is_no_offer_may_have_a_body(string version, string fields) => Assert.That(
        Parse($"POST / HTTP/{version}\r\nHost: a\r\n{fields}\r\n").KeepAlive,
        Is.EqualTo(version == "1.1"));
}

using Reactor.Http.Protocol;
using Reactor.Testing;

namespace Reactor.Http.Tests.Protocol;

/// <summary>
/// Whole lines are searched by vectors, and a line that is not all there is read in steps.
/// Both must say the same of every head, wherever a hostile octet stands.
/// </summary>
public sealed class WholeLineTests
{
    private const string Plain =
        "GET /plaintext HTTP/1.1\r\nHost: test:80\r\nUser-Agent: probe\r\nAccept: */*\r\n\r\n";

    private const string WithBody =
        "POST /echo HTTP/1.1\r\nhost:test\r\nContent-Length: \t3\t \r\nX: \u0080\t\r\n\r\n";

    private const string LongValue =
        "GET /?q HTTP/1.1\r\nHost: a\r\n"
        + "Cookie: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\r\n\r\n";

    private const string Hostile = "\0\t\n\v\r \u007f\u0080\u00ff,:;=\"/%01aGH_";

    private static readonly string[] s_heads = [Plain, WithBody, LongValue];

    [TestCaseSource(nameof(s_heads))]
    public void An_octet_that_is_replaced_means_the_same_whole_and_in_steps(string text) =>
        AssertSame(text, i => Hostile.Select(octet => $"{text[..i]}{octet}{text[(i + 1)..]}"));

    [TestCaseSource(nameof(s_heads))]
    public void An_octet_more_or_less_means_the_same_whole_and_in_steps(string text) =>
        AssertSame(text, i =>
            Hostile.Select(octet => text.Insert(i, $"{octet}")).Append(text.Remove(i, 1)));

    [TestCase(0, ParseStatus.Rejected)]
    [TestCase(2, ParseStatus.Rejected)]
    [TestCase(3, ParseStatus.Done)]
    public void As_many_whole_lines_pass_as_the_limit_says(int fieldsMax, ParseStatus expected)
    {
        RequestTrace trace = RequestCheck.Parse(Plain, new ParserLimits { FieldsMax = fieldsMax });

        Assert.That(trace.Status, Is.EqualTo(expected));
    }

    // "User-Agent: probe" has 17 octets and is the longest line of fields.
    [TestCase(16, ParseStatus.Rejected)]
    [TestCase(17, ParseStatus.Done)]
    public void A_whole_line_may_be_as_long_as_the_limit_says(int bytesMax, ParseStatus expected)
    {
        RequestTrace trace = RequestCheck.Parse(
            Plain, new ParserLimits { FieldLineBytesMax = bytesMax });

        Assert.That(trace.Status, Is.EqualTo(expected));
    }

    [TestCase(2, ParseStatus.Rejected)]
    [TestCase(3, ParseStatus.Done)]
    public void A_whole_method_may_be_as_long_as_the_limit_says(int bytesMax, ParseStatus expected)
    {
        RequestTrace trace = RequestCheck.Parse(
            Plain, new ParserLimits { MethodBytesMax = bytesMax });

        Assert.That(trace.Status, Is.EqualTo(expected));
    }

    // "GET /plaintext HTTP/1.1" has 23 octets.
    [TestCase(22, ParseStatus.Rejected)]
    [TestCase(23, ParseStatus.Done)]
    public void A_whole_request_line_may_be_as_long_as_the_limit_says(
        int bytesMax, ParseStatus expected)
    {
        RequestTrace trace = RequestCheck.Parse(
            Plain, new ParserLimits { RequestLineBytesMax = bytesMax });

        Assert.That(trace.Status, Is.EqualTo(expected));
    }

    private static void AssertSame(string text, Func<int, IEnumerable<string>> variants)
    {
        foreach (string variant in Enumerable.Range(0, text.Length).SelectMany(variants))
        {
            RequestTrace whole = RequestCheck.ParsePieces(variant, variant.Length);
            RequestTrace steps = RequestCheck.ParsePieces(variant, 1);
            if (whole != steps)
            {
                Assert.That(whole, Is.EqualTo(steps), Uri.EscapeDataString(variant));
            }
        }
    }
}

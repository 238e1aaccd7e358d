using Reactor.Http.Protocol;
using Reactor.Testing;

namespace Reactor.Http.Tests.Protocol;

/// <summary>
/// A head that comes with the very bytes of the last is not parsed again. Whatever else comes must
/// be: what one head was found to mean must never be said of another.
/// </summary>
/// <remarks>
/// That a head is recognised at all is seen by its number, which changes with each that is parsed.
/// </remarks>
public sealed class RepeatedHeadTests
{
    private const string Plain =
        "GET /plaintext HTTP/1.1\r\nHost: test:80\r\nUser-Agent: probe\r\nAccept: */*\r\n\r\n";

    private const string WithBody =
        "POST /echo HTTP/1.1\r\nHost: test\r\nContent-Length: 3\r\nConnection: close\r\n\r\n";

    private const string Chunked =
        "POST /echo HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n"
        + "Expect: 100-continue\r\n\r\n";

    private const string Hostile = "\0\t\n\v\r \u007f\u0080\u00ff,:;=\"/%01aGH";

    private static readonly string[] s_heads =
        [Plain, WithBody, Chunked, "GET / HTTP/1.0\r\n\r\n",
        "\r\nOPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n"];

    private RequestParser _parser = null!;
    private RequestHead _head = null!;

    [SetUp]
    public void MakeParser()
    {
        _parser = new RequestParser();
        _head = new RequestHead();
    }

    [TearDown]
    public void ReleaseHead() => _head.Release();

    [TestCaseSource(nameof(s_heads))]
    public void The_same_bytes_mean_the_same_and_are_not_parsed_again(string text)
    {
        RequestTrace first = Parse(text);
        int number = _head.Number;

        Assert.That(Parse(text), Is.EqualTo(first));
        Assert.That(Parse(text + "GET /next"), Is.EqualTo(first), "with bytes behind it");
        Assert.That(_head.Number, Is.EqualTo(number));
        Assert.That(first, Is.EqualTo(Fresh(text)));
    }

    [TestCaseSource(nameof(s_heads))]
    public void One_octet_that_differs_is_seen_wherever_it_stands(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            foreach (char octet in Hostile)
            {
                Parse(text);
                AssertParsedAfresh($"{text[..i]}{octet}{text[(i + 1)..]}");
            }
        }
    }

    [TestCaseSource(nameof(s_heads))]
    public void An_octet_more_or_less_is_seen_wherever_it_stands(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            Parse(text);
            AssertParsedAfresh(text.Remove(i, 1));
            Parse(text);
            AssertParsedAfresh(text.Insert(i, "\t"));
        }
    }

    [TestCaseSource(nameof(s_heads))]
    public void A_part_of_it_waits_for_the_rest(string text)
    {
        RequestTrace whole = Parse(text);
        for (int length = 1; length < text.Length; length++)
        {
            Assert.That(Parse(text[..length]).Status, Is.EqualTo(ParseStatus.NeedMore));
            Assert.That(Parse(text), Is.EqualTo(whole), $"after {length}");
        }
    }

    [TestCase("GET / HTTP/1.1\r\nHost: test\r\nCookie: session=1\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: test\r\nAuthorization: Basic YTpi\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: test\r\nProxy-Authorization: Basic YTpi\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: test\r\nX-Api-Key: 1\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: test\r\nSec-WebSocket-Protocol: bearer, 1\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: test\r\nReferer: http://test/?token=1\r\n\r\n")]
    [TestCase("GET / HTTP/1.1\r\nHost: test\r\nX-Forwarded-For: 10.0.0.1\r\n\r\n")]
    [TestCase("GET /?token=1 HTTP/1.1\r\nHost: test\r\n\r\n")]
    public void What_may_carry_a_secret_is_parsed_again(string text)
    {
        RequestTrace first = Parse(text);
        int number = _head.Number;

        Assert.That(Parse(text), Is.EqualTo(first));
        Assert.That(_head.Number, Is.Not.EqualTo(number));
    }

    [Test]
    public void A_parser_with_other_limits_judges_for_itself()
    {
        Assert.That(Parse(Plain).Status, Is.EqualTo(ParseStatus.Done));

        var strict = new RequestParser(new ParserLimits { FieldsMax = 2 });
        RequestTrace trace = RequestCheck.ParsePiece(strict, _head, Plain);

        Assert.That(trace.Rejection, Is.EqualTo(Rejection.FieldsTooMany));
    }

    [Test]
    public void What_was_refused_is_refused_again_and_not_taken_for_what_was_before_it()
    {
        Parse(Plain);
        const string refused = "GET /plaintext HTTP/1.1\r\nHost: test:80\r\nHost: test:80\r\n\r\n";
        RequestTrace first = Parse(refused);
        _parser.Reset();

        Assert.That(first.Status, Is.EqualTo(ParseStatus.Rejected));
        Assert.That(Parse(refused), Is.EqualTo(first));
        _parser.Reset();
        Assert.That(Parse(Plain), Is.EqualTo(Fresh(Plain)));
    }

    [Test]
    public void A_rejection_stands_until_the_reset_whatever_comes()
    {
        Parse(Plain);
        Parse("\0");

        Assert.That(Parse(Plain).Status, Is.EqualTo(ParseStatus.Rejected));
    }

    [Test]
    public void A_head_that_was_released_recognises_nothing()
    {
        Parse(Plain);
        _head.Release();

        AssertParsedAfresh(Plain);
    }

    private RequestTrace Parse(string text) => RequestCheck.ParsePiece(_parser, _head, text);

    private void AssertParsedAfresh(string text)
    {
        RequestTrace trace = Parse(text);
        if (trace != Fresh(text))
        {
            Assert.That(trace, Is.EqualTo(Fresh(text)), Uri.EscapeDataString(text));
        }

        _parser.Reset();
    }

    private static RequestTrace Fresh(string text)
    {
        var head = new RequestHead();
        RequestTrace trace = RequestCheck.ParsePiece(new RequestParser(), head, text);
        head.Release();
        return trace;
    }
}

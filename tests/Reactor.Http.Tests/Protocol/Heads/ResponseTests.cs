// The client's side: status lines, and how the end of a response is found (RFC 9112 4 and 6.3).
using Reactor.Http.Protocol;
using Reactor.Testing;
using static Reactor.Testing.ResponseCheck;

namespace Reactor.Http.Tests.Protocol;

public sealed class ResponseTests
{
    [Test]
    public void The_usual_response_is_understood() => Assert.That(
        Parse("HTTP/1.1 200 OK\r\nContent-Length: 13\r\nServer: x\r\n\r\n"),
        Is.EqualTo(new ResponseTrace
        {
            Status = ParseStatus.Done,
            Consumed = 50,
            Code = 200,
            Reason = "OK",
            VersionMinor = 1,
            Fields = "Content-Length: 13\nServer: x\n",
            BodyKind = BodyKind.ContentLength,
            ContentLength = 13,
            KeepAlive = true,
        }));

    [TestCase("HTTP/1.1 200 \r\n\r\n", "")]
    [TestCase("HTTP/1.1 299 a\tb \u00E9\r\n\r\n", "a\tb \u00E9")]
    public void A_reason_may_be_empty_or_any_text(string payload, string reason) =>
        Assert.That(Parse(payload).Reason, Is.EqualTo(reason));

    [TestCase("HTTP/1.1 200\u25B8\r\n\r\n")]
    [TestCase("HTTP/1.1 \u25B8 200 OK\r\n\r\n")]
    [TestCase("HTTP/1.1 \u25B8099 OK\r\n\r\n")]
    [TestCase("HTTP/1.1 200\u25B80 OK\r\n\r\n")]
    [TestCase("HTTP/1.1 2\u25B8x0 OK\r\n\r\n")]
    [TestCase("\u25B8\r\nHTTP/1.1 200 OK\r\n\r\n")]
    [TestCase("HTTP/1.1 200 O\u25B8\0K\r\n\r\n")]
    [TestCase("\u25B8ICY 200 OK\r\n\r\n")]
    public void A_malformed_status_line_is_refused(string payload) =>
        Refused(payload, Rejection.StatusLineInvalid);

    [TestCase("HTTP/\u25B82.0 200 OK\r\n\r\n", Rejection.VersionUnsupported)]
    [TestCase("HTTP/1.1 200 OK\u25B8\n\r\n", Rejection.BareLineFeed)]
    [TestCase("HTTP/1.1 200 OK\u25B8\rX\r\n", Rejection.BareCarriageReturn)]
    [TestCase("HTTP/1.1 200 OK\r\nX\u25B8 : y\r\n\r\n", Rejection.SpaceBeforeColon)]
    [TestCase("HTTP/1.1 200 OK\r\nX: a\u25B8\0b\r\n\r\n", Rejection.FieldValueControl)]
    [TestCase("HTTP/1.1 200 OK\r\nX: a\u25B8\u007Fb\r\n\r\n", Rejection.FieldValueControl)]
    [TestCase("HTTP/1.1 200 OK\r\nX: a\r\n\u25B8 b\r\n\r\n", Rejection.FieldFolded)]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: \u25B8-1\r\n\r\n", Rejection.LengthInvalid)]
    [TestCase(
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: \u25B81\r\n\r\n",
        Rejection.LengthRepeated)]
    [TestCase(
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n\u25B8",
        Rejection.LengthAndCoding)]
    [TestCase(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: \u25B8gzip\r\n\r\n",
        Rejection.CodingNotChunkedLast)]
    [TestCase(
        "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\u25B8",
        Rejection.CodingInOldVersion)]
    public void What_a_server_may_not_send_is_refused(string payload, Rejection reason) =>
        Refused(payload, reason);

    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", BodyKind.Chunked, true)]
    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", BodyKind.None, true)]
    [TestCase("HTTP/1.1 200 OK\r\n\r\n", BodyKind.UntilClose, false)]
    [TestCase(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n",
        BodyKind.ContentLength, false)]
    [TestCase("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\n", BodyKind.ContentLength, false)]
    [TestCase(
        "HTTP/1.0 200 OK\r\nContent-Length: 1\r\nConnection: keep-alive\r\n\r\n",
        BodyKind.ContentLength, true)]
    [TestCase("HTTP/1.1 204 No Content\r\n\r\n", BodyKind.None, true)]
    [TestCase("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", BodyKind.None, true)]
    [TestCase("HTTP/1.1 101 Switching Protocols\r\n\r\n", BodyKind.None, false)]
    public void The_end_of_the_body_is_known(string payload, BodyKind kind, bool lives)
    {
        ResponseTrace trace = Parse(payload);
        Assert.That(trace.BodyKind, Is.EqualTo(kind));
        Assert.That(trace.KeepAlive, Is.EqualTo(lives));
    }

    [TestCase("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [TestCase("HTTP/1.1 404 Not Found\r\n\r\n")]
    public void H58_the_answer_to_HEAD_has_no_body(string payload)
    {
        ResponseTrace trace = Parse(payload, KnownMethod.Head);
        Assert.That(trace.BodyKind, Is.EqualTo(BodyKind.None));
        Assert.That(trace.KeepAlive);
    }

    [TestCase("HTTP/1.1 100 Continue\r\n\r\n", true)]
    [TestCase("HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n", true)]
    [TestCase("HTTP/1.1 101 Switching Protocols\r\n\r\n", false)]
    [TestCase("HTTP/1.1 200 OK\r\n\r\n", false)]
    public void Interim_responses_are_told_apart(string payload, bool interim) =>
        Assert.That(Parse(payload).IsInterim, Is.EqualTo(interim));

    [Test]
    public void A_status_line_of_the_limit_passes() => Assert.That(
        Parse($"HTTP/1.1 200 {new string('a', 8192 - 13)}\r\n\r\n").Status,
        Is.EqualTo(ParseStatus.Done));
}

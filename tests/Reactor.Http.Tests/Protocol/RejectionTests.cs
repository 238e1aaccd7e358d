// Every member of the closed list is reached by a case of this table, and its row is complete.
using System.Buffers;
using Reactor.Http.Protocol;
using Reactor.Testing;

namespace Reactor.Http.Tests.Protocol;

public sealed class RejectionTests
{
    private const string Get = "GET / HTTP/1.1\r\n";
    private const string Host = "Host: a\r\n";

    // Requests; the mark stands before the refused byte.
    private static readonly (Rejection Reason, string Payload)[] s_requests =
    [
        (Rejection.BareCarriageReturn, "GET\u25B8\r/"),
        (Rejection.BareLineFeed, "GET / HTTP/1.1\u25B8\n"),
        (Rejection.EmptyLinesTooMany, "\r\n\r\n\u25B8\r\n"),
        (Rejection.TlsHandshake, "\u25B8\u0016\u0003\u0001"),
        (Rejection.MethodInvalid, "G\u25B8(T / HTTP/1.1\r\n"),
        (Rejection.MethodTooLong, "ABCDEFGHABCDEFGHABCDEFGHABCDEFGH\u25B8X"),
        (Rejection.RequestLineWhitespace, "GET \u25B8 / HTTP/1.1\r\n"),
        (Rejection.RequestLineIncomplete, "GET /\u25B8\r\n"),
        (Rejection.TargetTooLong, "GET /" + new string('a', 8192 - 14) + "\u25B8a"),
        (Rejection.TargetInvalid, "GET /\u25B8{} HTTP/1.1\r\n"),
        (Rejection.TargetForm, "GET \u25B8* HTTP/1.1\r\n"),
        (Rejection.AuthorityInvalid, "GET \u25B8http://u@a/ HTTP/1.1\r\n"),
        (Rejection.AuthorityMismatch, "GET http://b/ HTTP/1.1\r\nHost: \u25B8a\r\n\r\n"),
        (Rejection.ConnectUnsupported, "CONNECT \u25B8a:1 HTTP/1.1\r\n"),
        (Rejection.VersionInvalid, "GET / HTTP/1.1\u25B80\r\n"),
        (Rejection.VersionUnsupported, "GET / HTTP/\u25B82.0\r\n"),
        (Rejection.WhitespaceBeforeFields, Get + "\u25B8 Host: a\r\n"),
        (Rejection.FieldNameEmpty, Get + "\u25B8: a\r\n"),
        (Rejection.FieldNameInvalid, Get + "\u25B8(: a\r\n"),
        (Rejection.SpaceBeforeColon, Get + "Host\u25B8 : a\r\n"),
        (Rejection.ColonMissing, Get + "Host\u25B8\r\n"),
        (Rejection.FieldFolded, Get + "Host: a\r\n\u25B8 b\r\n"),
        (Rejection.FieldValueControl, Get + "Host: \u25B8\0\r\n"),
        (Rejection.FieldLineTooLong, Get + "X:" + new string('a', 8190) + "\u25B8a"),
        (Rejection.FieldSectionTooLarge, Get + Lines(8, 4095) + "a:abcdef\u25B8"),
        (Rejection.FieldsTooMany, Get + Lines(100, 8) + "\u25B8a"),
        (Rejection.FieldRepeated,
            Get + Host + "Expect: 100-continue\r\nExpect: \u25B8100-continue\r\n\r\n"),
        (Rejection.HostMissing, Get + "\r\n\u25B8"),
        (Rejection.HostRepeated, Get + Host + "Host: \u25B8a\r\n\r\n"),
        (Rejection.HostInvalid, Get + "Host: \u25B8a/b\r\n\r\n"),
        (Rejection.ListInvalid, Get + Host + "Connection: \u25B8(\r\n\r\n"),
        (Rejection.ListEmptyElements, Get + Host + "Connection: \u25B8,,,,,,,,,\r\n\r\n"),
        (Rejection.LengthInvalid, Get + Host + "Content-Length: \u25B8x\r\n\r\n"),
        (Rejection.LengthLeadingZero, Get + Host + "Content-Length: \u25B801\r\n\r\n"),
        (Rejection.LengthOverflow,
            Get + Host + "Content-Length: \u25B89999999999999999999\r\n\r\n"),
        (Rejection.LengthRepeated, Get + Host + "Content-Length: \u25B81,1\r\n\r\n"),
        (Rejection.LengthAndCoding,
            Get + Host + "Content-Length: 1\r\nTransfer-Encoding: \u25B8chunked\r\n\r\n"),
        (Rejection.CodingInvalid, Get + Host + "Transfer-Encoding: \u25B8,\r\n\r\n"),
        (Rejection.CodingRepeated, Get + Host + "Transfer-Encoding: \u25B8chunked,chunked\r\n\r\n"),
        (Rejection.CodingNotChunkedLast, Get + Host + "Transfer-Encoding: \u25B8gzip\r\n\r\n"),
        (Rejection.CodingUnknown, Get + Host + "Transfer-Encoding: \u25B8gzip,chunked\r\n\r\n"),
        (Rejection.CodingInOldVersion,
            "GET / HTTP/1.0\r\nTransfer-Encoding: \u25B8chunked\r\n\r\n"),
        (Rejection.ExpectationUnknown, Get + Host + "Expect: \u25B8x\r\n\r\n"),
    ];

    private static readonly (Rejection Reason, string Payload)[] s_bodies =
    [
        (Rejection.BodyTooLarge, "100001\r\n\u25B8"),
        (Rejection.ChunkSizeInvalid, "\u25B8x\r\n"),
        (Rejection.ChunkSizeTooLong, "00000000\u25B80\r\n"),
        (Rejection.ChunkExtensionInvalid, "1;\u25B8;\r\n"),
        (Rejection.ChunkExtensionTooLong, "1;" + new string('a', 255) + "\u25B8a\r\n"),
        (Rejection.ChunkExtensionsTooLarge, Chunks(16, 1000, 255) + "1\u25B8;a\r\n"),
        (Rejection.ChunkExtensionsRatio,
            Chunks(8, 1, 255) + "1;" + new string('a', 255) + "\r\u25B8\n"),
        (Rejection.ChunkDataEnding, "1\r\nx\u25B8x\r\n"),
        (Rejection.TrailersTooMany, "0\r\n" + Lines(16, 8) + "\u25B8a"),
        (Rejection.TrailersTooLarge, "0\r\na:" + new string('a', 4094) + "\u25B8"),
    ];

    private static readonly (Rejection Reason, string Payload)[] s_responses =
    [
        (Rejection.StatusLineInvalid, "HTTP/1.1 20\u25B8 OK\r\n"),
        (Rejection.StatusLineTooLong, "HTTP/1.1 200 " + new string('a', 8192 - 13) + "\u25B8a"),
    ];

    private static IEnumerable<TestCaseData> Requests() => Named(s_requests);

    private static IEnumerable<TestCaseData> Bodies() => Named(s_bodies);

    private static IEnumerable<TestCaseData> Responses() => Named(s_responses);

    [TestCaseSource(nameof(Requests))]
    public void A_request_is_refused(Rejection reason, string payload) =>
        RequestCheck.Refused(payload, reason);

    [TestCaseSource(nameof(Bodies))]
    public void A_body_is_refused(Rejection reason, string payload) =>
        BodyCheck.Refused(payload, reason);

    [TestCaseSource(nameof(Responses))]
    public void A_response_is_refused(Rejection reason, string payload) =>
        ResponseCheck.Refused(payload, reason);

    [Test]
    public void Every_member_is_reached_by_a_case()
    {
        // These have tests of their own, since they need more than a payload: a limit, an end, a
        // clock.
        HashSet<Rejection> reached =
        [
            Rejection.None,
            Rejection.FieldNameUnderscore,
            Rejection.BodyIncomplete,
            Rejection.InterimResponsesTooMany,
            Rejection.HeadTooSlow,
            Rejection.BodyTooSlow,
            Rejection.BodyNoRoom,
            Rejection.ContentCodingInvalid,
            .. s_requests.Select(row => row.Reason),
            .. s_bodies.Select(row => row.Reason),
            .. s_responses.Select(row => row.Reason),
        ];
        Assert.That(Enum.GetValues<Rejection>().Except(reached), Is.Empty);
    }

    [Test]
    public void Underscores_are_refused_on_request() => RequestCheck.Refused(
        Get + "\u25B8a_b: c\r\n",
        Rejection.FieldNameUnderscore,
        new ParserLimits { RefuseUnderscoreNames = true });

    [Test]
    public void An_unfinished_body_is_refused_at_the_end_of_input()
    {
        var decoder = new BodyDecoder();
        decoder.Start(BodyKind.ContentLength, 5, 5);
        Assert.That(decoder.ReadEnd(), Is.EqualTo(BodyStatus.Rejected));
        Assert.That(decoder.Rejection, Is.EqualTo(Rejection.BodyIncomplete));
    }

    [Test]
    public void Interim_responses_have_a_limit()
    {
        var parser = new ResponseParser(new ParserLimits { InterimResponsesMax = 2 });
        var head = new ResponseHead();
        var buffer = new ReadOnlySequence<byte>(Feed.Octets("HTTP/1.1 100 Continue\r\n\r\n"));
        Assert.That(parser.Parse(buffer, head, out _), Is.EqualTo(ParseStatus.Done));
        Assert.That(parser.Parse(buffer, head, out _), Is.EqualTo(ParseStatus.Done));
        Assert.That(parser.Parse(buffer, head, out _), Is.EqualTo(ParseStatus.Rejected));
        Assert.That(parser.Rejection, Is.EqualTo(Rejection.InterimResponsesTooMany));
    }

    [Test]
    public void Each_row_stands_at_its_place_and_is_complete()
    {
        HashSet<string> ids = [];
        foreach (Rejection reason in Enum.GetValues<Rejection>().Where(r => r != Rejection.None))
        {
            RejectionInfo row = RejectionTable.Get(reason);
            Assert.Multiple(() =>
            {
                Assert.That(row.Reason, Is.EqualTo(reason));
                Assert.That(row.Status, Is.InRange(400, 505));
                Assert.That(ids.Add(row.Id), "an id stands once");
                Assert.That(row.Id, Does.Match("^[A-Z0-9]+(-[A-Z0-9]+)+$"));
                Assert.That(row.Clause, Does.Match("^RFC 911[02] [0-9.]+$"));
                Assert.That(row.Sentence, Does.EndWith("."));
                Assert.That(ReasonPhrases.Get(row.Status), Is.Not.Empty);
            });
        }

        Assert.That(RejectionTable.All.Length, Is.EqualTo(ids.Count + 1));
    }

    [Test]
    public void A_rejection_stands_until_the_parser_is_reset()
    {
        var parser = new RequestParser();
        var head = new RequestHead();
        var good = new ReadOnlySequence<byte>(Feed.Octets("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
        var bad = new ReadOnlySequence<byte>(Feed.Octets("GET /\n"));
        Assert.That(parser.Parse(bad, head, out _), Is.EqualTo(ParseStatus.Rejected));
        Assert.That(parser.Parse(good, head, out _), Is.EqualTo(ParseStatus.Rejected));
        parser.Reset();
        Assert.That(parser.Parse(good, head, out _), Is.EqualTo(ParseStatus.Done));
    }

    private static IEnumerable<TestCaseData> Named((Rejection Reason, string Payload)[] rows) =>
        rows.Select(row =>
            new TestCaseData(row.Reason, row.Payload).SetArgDisplayNames($"{row.Reason}"));

    // `count` field lines of `length` bytes each.
    private static string Lines(int count, int length) =>
        string.Concat(Enumerable.Repeat("a:" + new string('b', length - 4) + "\r\n", count));

    private static string Chunks(int count, int size, int extension) => string.Concat(
        Enumerable.Repeat(
        $"{size:x};{new string('a', extension)}\r\n{new string('x', size)}\r\n", count));
}

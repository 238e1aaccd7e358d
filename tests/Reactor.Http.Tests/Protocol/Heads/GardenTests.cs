// The classes of HTTP Garden and of published advisories, each as a small payload.
//
// What is common to them: two parsers on the way read one stream as different messages. So the
// demand is always the same, that this one refuses, and says where.
using Reactor.Http.Protocol;
using Reactor.Testing;

namespace Reactor.Http.Tests.Protocol;

public sealed class GardenTests
{
    private const string Post = "POST / HTTP/1.1\r\nHost: a\r\n";

    private static readonly (string Class, Rejection Reason, string Payload)[] s_requests =
    [
        // Numbers that some languages read as numbers.
        ("length with sign and underscore", Rejection.LengthInvalid,
            "Content-Length: \u25B8+1_0\r\n\r\n"),
        ("length in hexadecimal", Rejection.LengthInvalid, "Content-Length: \u25B80x10\r\n\r\n"),
        ("length read as octal", Rejection.LengthLeadingZero, "Content-Length: \u25B8010\r\n\r\n"),
        ("length up to the first letter", Rejection.LengthInvalid,
            "Content-Length: \u25B81Z\r\n\r\n"),
        ("length empty", Rejection.LengthInvalid, "Content-Length: \u25B8\r\n\r\n"),
        ("length empty, then valid", Rejection.LengthInvalid,
            "Content-Length:\u25B8\r\nContent-Length: 5\r\n\r\n"),
        ("length negative", Rejection.LengthInvalid, "Content-Length: \u25B8-48\r\n\r\n"),
        ("length 0, then 1", Rejection.LengthRepeated,
            "Content-Length: 0\r\nContent-Length: \u25B81\r\n\r\n"),
        ("length with Unicode digits", Rejection.LengthInvalid,
            "Content-Length: \u25B8\u00B3\r\n\r\n"),

        // Fields.
        ("NUL in a value", Rejection.FieldValueControl, "X: a\u25B8\0b\r\n\r\n"),
        ("NUL cuts a name", Rejection.FieldNameInvalid, "Content-Length\u25B8\0: 5\r\n\r\n"),
        ("CR in a value", Rejection.BareCarriageReturn, "X: a\u25B8\rContent-Length: 5\r\n\r\n"),
        ("LF in a value", Rejection.BareLineFeed, "X: a\u25B8\nContent-Length: 5\r\n\r\n"),
        ("field without a colon", Rejection.ColonMissing, "Content-Length\u25B8\r\n\r\n"),
        ("field with an empty name", Rejection.FieldNameEmpty, "\u25B8: 5\r\n\r\n"),
        ("name continued on the next line", Rejection.ColonMissing,
            "Content-\u25B8\r\nLength: 5\r\n\r\n"),
        ("name continued on a folded line", Rejection.ColonMissing,
            "Content-\u25B8\r\n Length: 5\r\n\r\n"),
        ("space before the colon", Rejection.SpaceBeforeColon, "Content-Length\u25B8 : 5\r\n\r\n"),
        ("vertical tab before the colon", Rejection.FieldNameInvalid,
            "Content-Length\u25B8\u000B: 5\r\n\r\n"),
        ("CR as line end", Rejection.BareCarriageReturn, "X: a\u25B8\rY: b\r\r"),
        ("CR X ends the head", Rejection.BareCarriageReturn, "X: a\r\n\u25B8\rX"),
        ("CRLF CR X ends the head", Rejection.BareCarriageReturn,
            "X: a\r\n\u25B8\rXGET / HTTP/1.1\r\n"),
        ("header ended by CR alone (CVE-2023-30589)", Rejection.BareCarriageReturn,
            "X: Y\u25B8\rTransfer-Encoding: chunked\r\n\r\n"),

        // Codings.
        ("comma before chunked", Rejection.CodingInvalid,
            "Transfer-Encoding: \u25B8,chunked\r\n\r\n"),
        ("coding twice", Rejection.CodingRepeated,
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: \u25B8chunked\r\n\r\n"),
        ("coding and identity", Rejection.CodingRepeated,
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: \u25B8identity\r\n\r\n"),
        ("unknown coding read as chunked", Rejection.CodingNotChunkedLast,
            "Transfer-Encoding: \u25B8eschunked\r\n\r\n"),
        ("coding behind a no-break space", Rejection.CodingInvalid,
            "Transfer-Encoding: \u25B8\u00A0chunked\r\n\r\n"),
        ("coding and length (CVE-2023-47641)", Rejection.LengthAndCoding,
            "Content-Length: 3\r\nTransfer-Encoding: \u25B8chunked\r\n\r\n"),
        ("Host twice (CVE-2026-34525)", Rejection.HostRepeated, "Host: \u25B8b\r\n\r\n"),
        ("Expect with a second word", Rejection.ExpectationUnknown,
            "Content-Length: 5\r\nExpect: \u25B8y 100-continue\r\n\r\n"),
        ("dotless i in a field value", Rejection.CodingInvalid,
            "Transfer-Encoding: \u25B8chunked\u00DD\r\n\r\n"),
    ];

    private static readonly (string Class, Rejection Reason, string Payload)[] s_lines =
    [
        ("version 1.32", Rejection.VersionInvalid, "GET / HTTP/1.3\u25B82\r\n\r\n"),
        ("version overflows", Rejection.VersionInvalid, "GET / HTTP/4\u25B8294967295.255\r\n\r\n"),
        ("version with CR", Rejection.VersionInvalid, "GET / HTTP/\u25B8\r\r1.1\r\n\r\n"),
        ("method with a control", Rejection.MethodInvalid, "GE\u25B8\u0001T / HTTP/1.1\r\n\r\n"),
        ("target with a control", Rejection.TargetInvalid, "GET /\u25B8\u0001 HTTP/1.1\r\n\r\n"),
        ("target with a NUL", Rejection.TargetInvalid, "GET /\u25B8\0 HTTP/1.1\r\n\r\n"),
        ("target with an octet above ASCII", Rejection.TargetInvalid,
            "GET /\u25B8\u00C0 HTTP/1.1\r\n\r\n"),
        ("space before the first field", Rejection.WhitespaceBeforeFields,
            "GET / HTTP/1.1\r\n\u25B8 Host: a\r\n\r\n"),
        ("CRLF in the method (CVE-2023-49082)", Rejection.RequestLineIncomplete,
            "GET\u25B8\r\nX: y / HTTP/1.1\r\n"),
    ];

    private static readonly (string Class, Rejection Reason, string Payload)[] s_bodies =
    [
        ("chunk size 0x", Rejection.ChunkSizeInvalid, "0\u25B8x5\r\nhello\r\n0\r\n\r\n"),
        ("chunk size with underscore", Rejection.ChunkSizeInvalid,
            "0\u25B8_5\r\nhello\r\n0\r\n\r\n"),
        ("chunk size with plus", Rejection.ChunkSizeInvalid, "\u25B8+5\r\nhello\r\n0\r\n\r\n"),
        ("chunk size with minus", Rejection.ChunkSizeInvalid, "\u25B8-5\r\nhello\r\n0\r\n\r\n"),
        ("chunk size behind a space", Rejection.ChunkSizeInvalid, "\u25B8 5\r\nhello\r\n0\r\n\r\n"),
        ("chunk size empty", Rejection.ChunkSizeInvalid, "\u25B8\r\nhello\r\n0\r\n\r\n"),
        ("chunk size overflows", Rejection.ChunkSizeTooLong,
            "10000000\u25B80000000005\r\nhello\r\n"),
        ("chunk size by its longest prefix", Rejection.ChunkSizeInvalid,
            "5\u25B8g\r\nhello\r\n0\r\n\r\n"),
        ("garbage behind the chunk size", Rejection.ChunkExtensionInvalid,
            "5 \u25B8x\r\nhello\r\n0\r\n\r\n"),
        ("0 CRLF XX ends the body", Rejection.ColonMissing, "0\r\nXX\u25B8\r\n\r\n"),
        ("extra CRLF between chunks", Rejection.ChunkSizeInvalid, "1\r\nx\r\n\u25B8\r\n0\r\n\r\n"),
        ("LF in an extension (CVE-2025-55315)", Rejection.BareLineFeed,
            "2;\u25B8\nxx\r\n3\r\nyyy\r\n0\r\n\r\n"),
        ("CR in an extension (CVE-2025-55315)", Rejection.BareCarriageReturn,
            "2;a\r\u25B8xx\r\n0\r\n\r\n"),
        ("LF in an extension (CVE-2024-52304)", Rejection.BareLineFeed,
            "2;a=b\u25B8\n\r\nxx\r\n0\r\n\r\n"),
        ("LF as chunk line end (CVE-2025-22871)", Rejection.BareLineFeed,
            "2\u25B8\nxx\r\n0\r\n\r\n"),
        ("chunk data ends with two octets (CVE-2025-43859)", Rejection.ChunkDataEnding,
            "2\r\nxx\u25B8yy0\r\n\r\n"),
        ("trailers not parsed (CVE-2025-53643)", Rejection.SpaceBeforeColon,
            "0\r\nGET\u25B8 / HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("LF ends a trailer", Rejection.BareLineFeed, "0\r\nX: y\u25B8\n\r\n"),
    ];

    private static IEnumerable<TestCaseData> Requests() =>
        Named([.. s_requests.Select(r => (r.Class, r.Reason, Post + r.Payload)), .. s_lines]);

    private static IEnumerable<TestCaseData> Bodies() => Named(s_bodies);

    [TestCaseSource(nameof(Requests))]
    public void A_request_is_refused(Rejection reason, string payload) =>
        RequestCheck.Refused(payload, reason);

    [TestCaseSource(nameof(Bodies))]
    public void A_body_is_refused(Rejection reason, string payload) =>
        BodyCheck.Refused(payload, reason);

    [TestCase("\u0085")]
    [TestCase("\u00A0")]
    [TestCase("\u00FF")]
    public void Octets_above_ASCII_are_not_stripped_from_the_ends(string octet)
    {
        RequestTrace trace = RequestCheck.Parse($"{Post}X: {octet}a{octet}\r\n\r\n");
        Assert.That(trace.Fields, Does.EndWith($"X: {octet}a{octet}\n"));
    }

    [Test]
    public void Pipelined_bytes_are_not_the_body_of_a_request_with_length_0()
    {
        RequestTrace trace = RequestCheck.Parse($"{Post}Content-Length: 0\r\n\r\n");
        Assert.That(trace.BodyKind, Is.EqualTo(BodyKind.None));
        Assert.That(trace.Consumed, Is.EqualTo(47));
    }

    [Test]
    public void A_prefix_of_a_method_is_not_the_method() =>
        Assert.That(
            RequestCheck.Parse("GETX / HTTP/1.1\r\nHost: a\r\n\r\n").Known,
            Is.EqualTo(KnownMethod.Other));

    [Test]
    public void H13_the_scheme_of_a_target_is_not_kept() =>
        Assert.That(
            RequestCheck.Parse("GET https://a/p HTTP/1.1\r\nHost: a\r\n\r\n").Path,
            Is.EqualTo("/p"));

    private static IEnumerable<TestCaseData> Named(
        (string Class, Rejection Reason, string Payload)[] rows) =>
        rows.Select(row => new TestCaseData(row.Reason, row.Payload).SetArgDisplayNames(row.Class));
}

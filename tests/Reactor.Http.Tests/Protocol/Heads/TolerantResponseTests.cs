// What a client forgives a server, by name, and what it does not even so. Every payload that is
// forgiven is refused by the strict parser.
using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Reactor.Http.Protocol;
using Reactor.Testing;
using static Reactor.Http.Protocol.ResponseDeviations;

namespace Reactor.Http.Tests.Protocol;

public sealed class TolerantResponseTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";
    private const int SectionMax = 256 * 1024;
    private const int LineMax = SectionMax - 4; // what two line ends leave of the section

    private static readonly Gen<string> s_response =
        from status in Gen.Elements("200 OK", "204 ", "304 Not Modified", "404 a\tb \u00E9", "103 ")
        from version in Gen.Choose(0, 9)
        from names in Gen.Elements("X", "Link", "Connection", "a_b").ArrayOf(5)
        from values in Gen.Elements("", "a", "close, b", "keep-alive", "\t a ").ArrayOf(5)
        from count in Gen.Choose(0, 5)
        from framing in Gen.Elements(
            "", "Content-Length: 0\r\n", "content-length:5 \r\n", "Transfer-Encoding: Chunked\r\n")
        select $"HTTP/1.{version} {status}\r\n"
            + string.Concat(names.Zip(values).Take(count).Select(f => $"{f.First}:{f.Second}\r\n"))
            + framing + "\r\n";

    // Each octet of a fold becomes a space, so the positions of all other octets stay.
    [TestCase("X: a\r\n b\r\n", "X: a   b\n")]
    [TestCase("X: a \t\r\n\t b\r\n", "X: a      b\n")]
    [TestCase("X:\r\n a\r\n", "X: a\n")]
    [TestCase("X: a\r\n \t\r\n", "X: a\n")]
    [TestCase("X: a\r\n \r\n b\r\n", "X: a      b\n")]
    [TestCase("X:\r\n \r\n", "X: \n")]
    [TestCase("X: a\r\n b\r\n\tc\r\nY: d\r\n", "X: a   b   c\nY: d\n")]
    public void A_fold_is_read_as_spaces(string lines, string fields)
    {
        ResponseTrace trace = Forgiven($"{Ok}{lines}\r\n", FoldedField, Rejection.FieldFolded);
        Assert.That(trace.Fields, Is.EqualTo(fields));
    }

    [Test]
    public void A_folded_field_is_unfolded_before_it_is_understood() => Assert.Multiple(() =>
    {
        Assert.That(
            Forgiven(
                $"{Ok}Content-Length:\r\n 5\r\nConnection: a,\r\n close\r\n\r\n",
                FoldedField, Rejection.FieldFolded),
            Has.Property("ContentLength").EqualTo(5).And.Property("KeepAlive").False);
        Assert.That(
            Forgiven(
                $"{Ok}Transfer-Encoding: gzip,\r\n chunked\r\n\r\n",
                FoldedField | CodingBeforeChunked, Rejection.FieldFolded),
            Has.Property("BodyKind").EqualTo(BodyKind.Chunked));
    });

    [TestCase("Content-Length: 5\r\nContent-Length: 5\r\n")]
    [TestCase("Content-Length: 5, 5\r\n")]
    [TestCase("Content-Length: 5,5,\t5\r\nX: a\r\nContent-Length: 5\r\n")]
    [TestCase("Content-Length: 5\r\nContent-Length: 5, 5\r\n")]
    public void Equal_lengths_are_one_length(string lines)
    {
        ResponseTrace trace =
            Forgiven($"{Ok}{lines}\r\n", RepeatedLength, Rejection.LengthRepeated);
        Assert.That(trace.BodyKind, Is.EqualTo(BodyKind.ContentLength));
        Assert.That(trace.ContentLength, Is.EqualTo(5));
    }

    [TestCase("HTTP/1.1 200\r\n\r\n", MissingReason)]
    [TestCase("HTTP/1.1 200\n\r\n", MissingReason | BareLineFeed)]
    public void A_status_line_may_end_behind_its_code(string payload, ResponseDeviations names)
    {
        ResponseTrace trace = Forgiven(payload, names, Rejection.StatusLineInvalid);
        Assert.That(trace.Code, Is.EqualTo(200));
        Assert.That(trace.Reason, Is.Empty);
    }

    [TestCase("HTTP/1.1 200 OK\nX: a\nY:\n\n")]
    [TestCase("HTTP/1.1 200 OK\nX: a\r\nY:\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nX: a \nY:\r\n\r\n")]
    [TestCase("HTTP/1.1 200 OK\r\nX: a\r\nY:\r\n\n")]
    public void A_line_may_end_with_LF_alone(string payload)
    {
        ResponseTrace trace = Forgiven(payload, BareLineFeed, Rejection.BareLineFeed);
        Assert.That(trace.Reason, Is.EqualTo("OK"));
        Assert.That(trace.Fields, Is.EqualTo("X: a\nY: \n"));
    }

    [TestCase("gzip, chunked")]
    [TestCase("a, b;c=d,\tChunked")]
    public void Codings_before_chunked_are_left_to_the_caller(string value)
    {
        ResponseTrace trace = Forgiven(
            $"{Ok}Transfer-Encoding: {value}\r\n\r\n",
            CodingBeforeChunked, Rejection.CodingUnknown);
        Assert.That(trace.BodyKind, Is.EqualTo(BodyKind.Chunked));
        Assert.That(trace.KeepAlive);
    }

    [Test]
    public void Each_combination_is_named_in_full([Range(1, 31)] int number)
    {
        var names = (ResponseDeviations)number;
        bool isCoded = names.HasFlag(CodingBeforeChunked);
        if (isCoded && names.HasFlag(RepeatedLength))
        {
            return; // a length beside a coding is refused, see below
        }

        string end = names.HasFlag(BareLineFeed) ? "\n" : "\r\n";
        string payload = string.Join(
            end,
            names.HasFlag(MissingReason) ? "HTTP/1.1 200" : "HTTP/1.1 200 OK",
            names.HasFlag(FoldedField) ? $"X: a{end}\tb" : "X: a",
            isCoded ? "Transfer-Encoding: gzip, chunked" : "Content-Length: 5",
            names.HasFlag(RepeatedLength) ? "Content-Length: 5" : "Y: c",
            "", "");
        ResponseTrace trace = ResponseCheck.Parse(payload, isTolerant: true);
        Assert.Multiple(() =>
        {
            Assert.That(trace.Status, Is.EqualTo(ParseStatus.Done));
            Assert.That(trace.Deviations, Is.EqualTo(names));
            Assert.That(trace.Consumed, Is.EqualTo(payload.Length));
            Assert.That(ResponseCheck.Parse(payload).Status, Is.EqualTo(ParseStatus.Rejected));
        });
    }

    [Test]
    public void A_response_in_order_means_the_same_to_both() => Check.One(
        Config.QuickThrowOnFailure,
        Prop.ForAll(s_response.ToArbitrary(), payload =>
        {
            ResponseTrace strict = ResponseCheck.Parse(payload);
            return strict == ResponseCheck.Parse(payload, isTolerant: true)
                && strict.Deviations == None
                && (strict.Status == ParseStatus.Done
                    || strict.Rejection == Rejection.CodingInOldVersion);
        }));

    [Test]
    public void The_next_response_begins_without_deviations()
    {
        var parser = new ResponseParser(isTolerant: true);
        var head = new ResponseHead();
        Parse(parser, head, "HTTP/1.1 200\nX: a\n b\nContent-Length: 5, 5\n\n");
        Assert.That(
            head.Deviations,
            Is.EqualTo(MissingReason | BareLineFeed | FoldedField | RepeatedLength));
        Assert.That(Parse(parser, head, $"{Ok}\r\n"), Is.EqualTo(ParseStatus.Done));
        Assert.That(head.Deviations, Is.EqualTo(None));
    }

    [TestCase("\u25B8\nHTTP/1.1 200 OK\r\n", Rejection.StatusLineInvalid)]
    [TestCase("HTTP/1.1 20\u25B8\r\n", Rejection.StatusLineInvalid)]
    [TestCase("HTTP/1.1 200\u25B80 OK\r\n", Rejection.StatusLineInvalid)]
    [TestCase("HTTP/1.1 200\u25B8\tOK\r\n", Rejection.StatusLineInvalid)]
    [TestCase("HTTP/1.1 200 O\u25B8\0K\r\n", Rejection.StatusLineInvalid)]
    [TestCase("HTTP/1.1 200\u25B8\rX", Rejection.BareCarriageReturn)]
    [TestCase("HTTP/1.1\u25B8\n", Rejection.StatusLineInvalid)]
    [TestCase("HTTP/\u25B82.0 200\r\n", Rejection.VersionUnsupported)]
    public void A_status_line_is_not_guessed(string payload, Rejection reason) =>
        ResponseCheck.Refused(payload, reason, isTolerant: true);

    [TestCase("\u25B8 X: a\r\n\r\n", Rejection.WhitespaceBeforeFields)]
    [TestCase("X\u25B8 : a\r\n\r\n", Rejection.SpaceBeforeColon)]
    [TestCase("X\u25B8\n\n", Rejection.ColonMissing)]
    [TestCase("\u25B8: a\n\n", Rejection.FieldNameEmpty)]
    [TestCase("X\u25B8\0: a\r\n\r\n", Rejection.FieldNameInvalid)]
    [TestCase("X: a\u25B8\0b\r\n\r\n", Rejection.FieldValueControl)]
    [TestCase("X: a\r\n b\u25B8\0\r\n\r\n", Rejection.FieldValueControl)]
    [TestCase("X: a\r\n b\u25B8\rc\r\n\r\n", Rejection.BareCarriageReturn)]
    [TestCase("X: a\u25B8\r\r\n\r\n", Rejection.BareCarriageReturn)]
    [TestCase("X: a\n\u25B8\rb", Rejection.BareCarriageReturn)]
    public void A_field_is_not_guessed(string lines, Rejection reason) =>
        ResponseCheck.Refused(Ok + lines, reason, isTolerant: true);

    [TestCase("Content-Length: 5\r\nContent-Length: \u25B86\r\n\r\n", Rejection.LengthRepeated)]
    [TestCase("Content-Length: \u25B85, 6\r\n\r\n", Rejection.LengthRepeated)]
    [TestCase("Content-Length: 5,5\r\nContent-Length: \u25B86\r\n\r\n", Rejection.LengthRepeated)]
    [TestCase("Content-Length: 6\r\nContent-Length: \u25B85,5\r\n\r\n", Rejection.LengthRepeated)]
    [TestCase("Content-Length: \u25B85,\r\n\r\n", Rejection.LengthInvalid)]
    [TestCase("Content-Length: \u25B85, x\r\n\r\n", Rejection.LengthInvalid)]
    [TestCase("Content-Length: \u25B85 5\r\n\r\n", Rejection.LengthInvalid)]
    [TestCase("Content-Length: \u25B85\r\n 5\r\n\r\n", Rejection.LengthInvalid)]
    [TestCase("Content-Length: \u25B85, 05\r\n\r\n", Rejection.LengthLeadingZero)]
    [TestCase(
        "Content-Length: 5\r\nTransfer-Encoding: gzip, chunked\r\n\r\n\u25B8",
        Rejection.LengthAndCoding)]
    [TestCase(
        "Content-Length: 5,5\r\nTransfer-Encoding: chunked\r\n\r\n\u25B8",
        Rejection.LengthAndCoding)]
    [TestCase("Transfer-Encoding: \u25B8gzip\r\n\r\n", Rejection.CodingNotChunkedLast)]
    [TestCase("Transfer-Encoding: \u25B8chunked, gzip\r\n\r\n", Rejection.CodingNotChunkedLast)]
    [TestCase("Transfer-Encoding: \u25B8chunked, chunked\r\n\r\n", Rejection.CodingRepeated)]
    [TestCase("Transfer-Encoding: \u25B8, chunked\r\n\r\n", Rejection.CodingInvalid)]
    [TestCase(
        "Transfer-Encoding: gzip, chunked\r\nTransfer-Encoding: \u25B8chunked\r\n\r\n",
        Rejection.CodingRepeated)]
    public void The_end_of_a_body_is_not_guessed(string lines, Rejection reason) =>
        ResponseCheck.Refused(Ok + lines, reason, isTolerant: true);

    [TestCase("\r\n")]
    [TestCase("\n")]
    public void A_section_of_256_KiB_passes_and_one_byte_more_does_not(string end)
    {
        string lines = string.Concat(Enumerable.Repeat(Line(4096, end), 63));
        string most = lines + Line(4096 - end.Length, end) + end;
        Assert.That(most, Has.Length.EqualTo(SectionMax));
        Parses(Ok + most);
        RefusesAt(
            Ok.Length + SectionMax, Rejection.FieldSectionTooLarge,
            Ok + lines + Line(4097 - end.Length, end) + end);
    }

    [TestCase("\r\n")]
    [TestCase("\n")]
    public void A_thousand_fields_pass_and_one_more_does_not(string end)
    {
        string most = Ok + string.Concat(Enumerable.Repeat("a:b" + end + "\tc" + end, 1000));
        Parses(most + end);
        RefusesAt(most.Length, Rejection.FieldsTooMany, most + "a:b" + end + end);
    }

    [TestCase("")]
    [TestCase("\r\n ")]
    [TestCase("\n\t")]
    public void A_line_may_fill_the_section_with_its_folds_and_one_byte_more_does_not(string fold)
    {
        string most = "X:" + fold + new string('a', LineMax - 2 - fold.Length);
        Parses($"{Ok}{most}\r\n\r\n");
        RefusesAt(
            Ok.Length + SectionMax, Rejection.FieldSectionTooLarge, $"{Ok}{most}a\r\n\r\n");
        RefusesAt(
            Ok.Length + SectionMax, Rejection.FieldSectionTooLarge, $"{Ok}{most}\r\n b\r\n\r\n");
    }

    [TestCase(70_000, 1)]
    [TestCase(1, 70_000)]
    public void A_name_or_value_above_64_KiB_keeps_its_length(int nameLength, int valueLength)
    {
        string name = new('n', nameLength);
        string value = new('v', valueLength);
        var head = new ResponseHead();
        var parser = new ResponseParser(isTolerant: true);

        Assert.That(
            Parse(parser, head, $"{Ok}{name}: {value}\r\n\r\n"), Is.EqualTo(ParseStatus.Done));
        Assert.That(MessageTrace.FieldsOf(head), Is.EqualTo($"{name}: {value}\n"));
    }

    [Test]
    public void A_line_of_nothing_but_folds_is_read_in_linear_time()
    {
        string folds = string.Concat(Enumerable.Repeat("\n ", (LineMax - 4) / 2));
        var head = new ResponseHead();
        var parser = new ResponseParser(isTolerant: true);
        Assert.That(Parse(parser, head, $"{Ok}X:{folds}a\n\n"), Is.EqualTo(ParseStatus.Done));
        Assert.That(MessageTrace.FieldsOf(head), Is.EqualTo("X: a\n"));
    }

    [Test]
    public void Ten_thousand_interim_responses_pass()
    {
        var parser = new ResponseParser(isTolerant: true);
        var head = new ResponseHead();
        bool all = true;
        for (int i = 0; i < 10_000; i++)
        {
            all &= Parse(parser, head, "HTTP/1.1 103 Early Hints\r\n\r\n") == ParseStatus.Done;
        }

        Assert.That(all);
        Assert.That(Parse(parser, head, $"{Ok}\r\n"), Is.EqualTo(ParseStatus.Done));
    }

    [Test]
    public void Own_limits_hold_for_a_tolerant_parser_too()
    {
        var limits = new ParserLimits { InterimResponsesMax = 1, FieldsMax = 1 };
        var parser = new ResponseParser(limits, isTolerant: true);
        var head = new ResponseHead();
        const string Interim = "HTTP/1.1 100\n\n";
        Assert.That(Parse(parser, head, Interim), Is.EqualTo(ParseStatus.Done));
        Assert.That(Parse(parser, head, Interim), Is.EqualTo(ParseStatus.Rejected));
        Assert.That(parser.Rejection, Is.EqualTo(Rejection.InterimResponsesTooMany));
        parser.Reset();
        Parse(parser, head, $"{Ok}a:b\nc:d\n\n");
        Assert.That(parser.Rejection, Is.EqualTo(Rejection.FieldsTooMany));
    }

    // Forgiven by name in every way in which it may arrive, and refused by the strict parser.
    private static ResponseTrace Forgiven(
        string payload, ResponseDeviations names, Rejection strictly)
    {
        ResponseTrace trace = ResponseCheck.Parse(payload, isTolerant: true);
        Assert.That(trace.Status, Is.EqualTo(ParseStatus.Done));
        Assert.That(trace.Deviations, Is.EqualTo(names));
        Assert.That(trace.Consumed, Is.EqualTo(payload.Length));
        Assert.That(ResponseCheck.Parse(payload).Rejection, Is.EqualTo(strictly));
        return trace;
    }

    private static void Parses(string payload)
    {
        foreach (Feed feed in SomeFeeds(payload))
        {
            Assert.That(Run(feed, out _), Is.EqualTo(ParseStatus.Done), feed.Name);
        }
    }

    private static void RefusesAt(int offset, Rejection reason, string payload)
    {
        foreach (Feed feed in SomeFeeds(payload))
        {
            Assert.That(Run(feed, out ResponseParser parser), Is.EqualTo(ParseStatus.Rejected));
            Assert.That(parser.Rejection, Is.EqualTo(reason), feed.Name);
            Assert.That(parser.RejectionOffset, Is.EqualTo(offset), feed.Name);
        }
    }

    // A large head at each of its splits would take minutes.
    private static IEnumerable<Feed> SomeFeeds(string payload)
    {
        byte[] octets = Feed.Octets(payload);
        foreach (int size in (int[])[octets.Length, 1460, 997])
        {
            yield return Feed.Pieces(octets, Enumerable.Repeat(size, 300), segmented: true);
            yield return Feed.Pieces(octets, Enumerable.Repeat(size, 300), segmented: false);
        }
    }

    private static ParseStatus Run(Feed feed, out ResponseParser parser)
    {
        parser = new ResponseParser(isTolerant: true);
        var head = new ResponseHead();
        ParseStatus status = ParseStatus.NeedMore;
        foreach (ReadOnlySequence<byte> buffer in feed.Buffers())
        {
            status = parser.Parse(buffer, head, out _);
            if (status != ParseStatus.NeedMore)
            {
                break;
            }
        }

        head.Release();
        return status;
    }

    private static ParseStatus Parse(ResponseParser parser, ResponseHead head, string payload) =>
        parser.Parse(new ReadOnlySequence<byte>(Feed.Octets(payload)), head, out _);

    private static string Line(int length, string end) =>
        "a:" + new string('b', length - 2 - end.Length) + end;
}

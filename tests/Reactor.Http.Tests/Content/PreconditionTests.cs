using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http.Tests.Content;

/// <summary>
/// Every combination of method, conditions and state, against the text of RFC 9110 13.2.2 read
/// line by line: the oracle knows what each case means, and parses nothing.
/// </summary>
public sealed class PreconditionTests
{
    private static readonly DateTimeOffset s_now = new(2026, 12, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset s_modified = s_now.AddHours(-1);

    // What lines of If-Match or If-None-Match mean, for a representation with the tag "x": whether
    // they name it (by the strong comparison, if it is strong; by the weak one), or any.
    private static readonly TagCase[] s_tags =
    [
        new("absent", []),
        new("any", ["*"]) { IsAny = true },
        new("the strong tag", ["\"x\""]) { NamesStrongly = true, Names = true },
        new("the weak tag", ["W/\"x\""]) { Names = true },
        new("another tag", ["\"y\""]),
        new("behind a fault", ["\"y\", \"y z\", \"x\""]),
        new("in a list", ["\"y\" ,\"x\", \"z\""]) { NamesStrongly = true, Names = true },
        new("in the second line", ["\"y\"", "\"x\""]) { NamesStrongly = true, Names = true },
        new("an empty list", [""]),
        new("without quotes", ["x"]),
        new("any in a list", ["*, \"y\""]),
        new("any in two lines", ["\"y\"", "*"]),
    ];

    private static readonly DateCase[] s_dates =
    [
        new("absent", []),
        new("earlier", ["Tue, 01 Dec 2026 10:59:59 GMT"]) { Date = s_modified.AddSeconds(-1) },
        new("equal", ["Tue, 01 Dec 2026 11:00:00 GMT"]) { Date = s_modified },
        new("equal, old format", ["Tuesday, 01-Dec-26 11:00:00 GMT"]) { Date = s_modified },
        new("later", ["Tue Dec  1 11:00:01 2026"]) { Date = s_modified.AddSeconds(1) },
        new("no date", ["yesterday"]),
        new("another zone", ["Tue, 01 Dec 2026 11:00:00 +0000"]),
        new("twice", ["Tue, 01 Dec 2026 11:00:00 GMT", "Tue, 01 Dec 2026 11:00:00 GMT"]),
        new("a list", ["Tue, 01 Dec 2026 11:00:00 GMT, Tue, 01 Dec 2026 11:00:00 GMT"]),
    ];

    private static readonly StateCase[] s_states =
    [
        new(Exists: false, Tag: null, HasDate: false),
        new(Exists: true, Tag: null, HasDate: false),
        new(Exists: true, Tag: null, HasDate: true),
        new(Exists: true, Tag: new ETag("x"), HasDate: false),
        new(Exists: true, Tag: new ETag("x"), HasDate: true),
        new(Exists: true, Tag: new ETag("x", isWeak: true), HasDate: true),
    ];

    [Test]
    public void H82_H83_every_combination_is_decided_in_the_order_of_13_2_2(
        [Values("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "PURGE", "OPTIONS", "TRACE")]
        string method)
    {
        int counted = 0;
        var head = new RequestHead();
        var parser = new RequestParser();
        foreach (TagCase match in s_tags)
        {
            foreach (DateCase unmodified in s_dates)
            {
                foreach (TagCase noneMatch in s_tags)
                {
                    foreach (DateCase modified in s_dates)
                    {
                        Parse(parser, head, method, match, unmodified, noneMatch, modified);
                        foreach (StateCase state in s_states)
                        {
                            PreconditionOutcome expected = Read_13_2_2(
                                method, match, unmodified, noneMatch, modified, state);
                            PreconditionOutcome found = Preconditions.Evaluate(
                                head, state.Validators, s_now);
                            if (found != expected)
                            {
                                Assert.Fail($"{method}, If-Match: {match}, If-Unmodified-Since: "
                                    + $"{unmodified}, If-None-Match: {noneMatch}, "
                                    + $"If-Modified-Since: {modified}, {state}: "
                                    + $"{found}, but {expected} is right");
                            }

                            counted++;
                        }
                    }
                }
            }
        }

        Assert.That(counted, Is.EqualTo(12 * 9 * 12 * 9 * 6));
        head.Release();
    }

    // The steps of 13.2.2, in its words; a condition is evaluated as 13.1.1 to 13.1.4 say.
    private static PreconditionOutcome Read_13_2_2(
        string method, TagCase match, DateCase unmodified, TagCase noneMatch, DateCase modified,
        StateCase state)
    {
        // 13.2.1: "does not involve the selection or modification of a selected representation"
        if (method is "OPTIONS" or "TRACE" or "CONNECT")
        {
            return PreconditionOutcome.Perform;
        }

        // 1. When If-Match is present: false, 412.
        bool isStrong = state.Tag is { IsWeak: false };
        if (match.IsPresent
            && !(match.IsAny ? state.Exists : isStrong && match.NamesStrongly))
        {
            return PreconditionOutcome.Failed;
        }

        // 2. When If-Match is not present and If-Unmodified-Since is: false, 412. It is true if
        // the representation was modified at that date or earlier.
        if (!match.IsPresent && unmodified.Date is { } limit && state.HasDate
            && !(s_modified <= limit))
        {
            return PreconditionOutcome.Failed;
        }

        // 3. When If-None-Match is present: false, 304 for GET and HEAD, 412 for others.
        if (noneMatch.IsPresent)
        {
            bool isTrue = noneMatch.IsAny ? !state.Exists : !(state.HasTag && noneMatch.Names);
            return isTrue ? PreconditionOutcome.Perform
                : method is "GET" or "HEAD" ? PreconditionOutcome.NotModified
                : PreconditionOutcome.Failed;
        }

        // 4. When the method is GET or HEAD, If-None-Match is not present, and If-Modified-Since
        // is: false, 304. It is false if the representation was modified at that date or earlier.
        return method is "GET" or "HEAD" && modified.Date is { } since && state.HasDate
            && s_modified <= since
            ? PreconditionOutcome.NotModified
            : PreconditionOutcome.Perform; // 6. Otherwise, perform the method.
    }

    [TestCase("\"a\\\", \"b\"", "a\\", true, Description = "a backslash escapes nothing (8.8.3)")]
    [TestCase("\"a\\\", \"b\"", "b", true)]
    [TestCase("\"a,b\"", "a,b", true, Description = "a comma in a tag is part of it")]
    [TestCase("\"a,b\"", "b", false)]
    [TestCase("\"\"", "", true, Description = "an empty tag is one")]
    [TestCase("w/\"a\"", "a", false, Description = "W is case-sensitive")]
    [TestCase("W/ \"a\"", "a", false)]
    [TestCase("\"a\" \"b\"", "b", false, Description = "no comma")]
    [TestCase("\"a", "a", false)]
    [TestCase("\"x\", a, \"a\"", "a", false, Description = "the list ends at its fault")]
    [TestCase("\"a b\"", "a b", false, Description = "a space is in no tag")]
    [TestCase("\"A\"", "a", false, Description = "tags have case")]
    public void H82_a_list_of_tags_is_read_by_its_grammar(string list, string tag, bool names)
    {
        var head = new RequestHead();
        var one = new TagCase("list", [list]);
        Parse(new RequestParser(), head, "GET", s_tags[0], s_dates[0], one, s_dates[0]);

        // "a b" can be no tag of ours; a tag that no client names stands for it.
        ETag ours = tag.Contains(' ') ? new ETag("ab") : new ETag(tag);
        PreconditionOutcome outcome =
            Preconditions.Evaluate(head, new Validators(true, ours, null), s_now);
        Assert.That(outcome == PreconditionOutcome.NotModified, Is.EqualTo(names));
    }

    [Test]
    public void H82_a_fraction_of_a_second_does_not_make_a_representation_newer()
    {
        var head = new RequestHead();
        Parse(new RequestParser(), head, "GET", s_tags[0], s_dates[2], s_tags[0], s_dates[2]);
        var state = new Validators(true, null, s_modified.AddMilliseconds(999));

        Assert.That(
            Preconditions.Evaluate(head, state, s_now),
            Is.EqualTo(PreconditionOutcome.NotModified));
        Assert.That(
            Preconditions.Evaluate(head, state with { Modified = s_modified.AddSeconds(1) }, s_now),
            Is.EqualTo(PreconditionOutcome.Failed));
    }

    private static void Parse(
        RequestParser parser, RequestHead head, string method, TagCase match, DateCase unmodified,
        TagCase noneMatch, DateCase modified)
    {
        var text = new StringBuilder($"{method} / HTTP/1.1\r\nHost: test\r\n");
        Add("If-Match", match.Lines);
        Add("If-Unmodified-Since", unmodified.Lines);
        Add("If-None-Match", noneMatch.Lines);
        Add("If-Modified-Since", modified.Lines);
        byte[] bytes = Encoding.ASCII.GetBytes(text.Append("\r\n").ToString());
        Assert.That(parser.Parse(bytes, head, out _), Is.EqualTo(ParseStatus.Done));

        void Add(string name, string[] lines)
        {
            foreach (string line in lines)
            {
                text.Append(name).Append(": ").Append(line).Append("\r\n");
            }
        }
    }

    private sealed record TagCase(string Name, string[] Lines)
    {
        public bool IsPresent => Lines.Length > 0;

        public bool IsAny { get; init; }

        public bool NamesStrongly { get; init; }

        public bool Names { get; init; }

        public override string ToString() => Name;
    }

    private sealed record DateCase(string Name, string[] Lines)
    {
        public DateTimeOffset? Date { get; init; }

        public override string ToString() => Name;
    }

    private sealed record StateCase(bool Exists, ETag? Tag, bool HasDate)
    {
        public bool HasTag => Tag is not null;

        public Validators Validators => new(Exists, Tag, HasDate ? s_modified : null);
    }
}

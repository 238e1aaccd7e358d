// Checklist lines 21 to 37: fields (RFC 9112 5, RFC 9110 5).
using System.Text;
using Reactor.Http.Protocol;
using Reactor.Testing;
using static Reactor.Testing.RequestCheck;

namespace Reactor.Http.Tests.Protocol;

public sealed class FieldTests
{
    private const string Start = "GET / HTTP/1.1\r\nHost: a\r\n";

    [TestCase("Host\u25B8 : a")]
    [TestCase("Host\u25B8\t: a")]
    [TestCase("Content-Length\u25B8 : 5")]
    [TestCase("Two\u25B8 words: a")]
    public void H21_space_before_the_colon_is_refused(string line)
    {
        Refused($"GET / HTTP/1.1\r\n{line}\r\n\r\n", Rejection.SpaceBeforeColon);
        RejectionInfo row = RejectionTable.Get(Rejection.SpaceBeforeColon);
        Assert.That(row.Status, Is.EqualTo(400));
        Assert.That(row.Id, Is.EqualTo("HDR-SPACE-BEFORE-COLON"));
    }

    [TestCase("X\u25B8[0]: a")]
    [TestCase("X\u25B8(: a")]
    [TestCase("X\u25B8\u00E9: a")]
    [TestCase("\u25B8\u0001: a")]
    [TestCase("X\u25B8\0: a")]
    [TestCase("X\u25B8\": a")]
    [TestCase("X\u25B8/y: a")]
    [TestCase("\u25B8\u007F: a")]
    public void H22_a_name_is_a_token(string line) =>
        Refused($"{Start}{line}\r\n\r\n", Rejection.FieldNameInvalid);

    [Test]
    public void H22_a_name_is_not_empty() =>
        Refused($"{Start}\u25B8: a\r\n\r\n", Rejection.FieldNameEmpty);

    [Test]
    public void H22_every_tchar_may_stand_in_a_name() => Assert.That(
        Parse($"{Start}!#$%&'*+-.^_`|~09azAZ: x\r\n\r\n").Fields,
        Does.Contain("!#$%&'*+-.^_`|~09azAZ: x"));

    [TestCase("NoColon\u25B8\r\nX: a")]
    [TestCase("NoColon\u25B8\r\n")]
    public void H23_a_line_without_a_colon_is_refused(string lines) =>
        Refused($"{Start}{lines}\r\n\r\n", Rejection.ColonMissing);

    [TestCase("X: a\r\n\u25B8 b")]
    [TestCase("X: a\r\n\u25B8\tb")]
    [TestCase("X: a\r\n\u25B8 ")]
    [TestCase("Transfer-Encoding:\r\n\u25B8 chunked")]
    public void H24_folded_lines_are_refused(string lines) =>
        Refused($"{Start}{lines}\r\n\r\n", Rejection.FieldFolded);

    [TestCase(" \t a b \t ", "a b")]
    [TestCase("", "")]
    [TestCase(" \t ", "")]
    [TestCase("\u0085a\u0085", "\u0085a\u0085")]
    [TestCase(" \u00A0a\u00A0 ", "\u00A0a\u00A0")]
    [TestCase("a\tb", "a\tb")]
    public void H25_only_spaces_and_tabs_are_stripped(string sent, string value) =>
        Assert.That(Parse($"{Start}X:{sent}\r\n\r\n").Fields, Is.EqualTo($"Host: a\nX: {value}\n"));

    [TestCase("a\u25B8\0b", Rejection.FieldValueControl)]
    [TestCase("a\u25B8\nb", Rejection.BareLineFeed)]
    [TestCase("a\u25B8\rb", Rejection.BareCarriageReturn)]
    public void H26_CR_LF_and_NUL_in_a_value_are_refused(string value, Rejection reason) =>
        Refused($"{Start}X: {value}\r\n\r\n", reason);

    [Test]
    public void H27_every_other_control_in_a_value_is_refused()
    {
        for (char c = '\u0001'; c <= '\u007F'; c++)
        {
            if ((c < ' ' && c is not '\t' and not '\r' and not '\n') || c == '\u007F')
            {
                Refused($"{Start}X: a\u25B8{c}\r\n\r\n", Rejection.FieldValueControl);
            }
        }
    }

    [Test]
    public void H27_octets_above_ASCII_are_opaque()
    {
        string all = string.Concat(Enumerable.Range(0x80, 0x80).Select(c => (char)c));
        Assert.That(Parse($"{Start}X: {all}\r\n\r\n").Fields, Is.EqualTo($"Host: a\nX: {all}\n"));
    }

    [Test]
    public void H28_a_line_of_the_limit_passes_and_one_more_is_too_long()
    {
        string line = "X: " + new string('v', 8192 - 3);
        Assert.That(Parse($"{Start}{line}\r\n\r\n").Status, Is.EqualTo(ParseStatus.Done));
        Refused($"{Start}{line}\u25B8v\r\n\r\n", Rejection.FieldLineTooLong);
        Refused($"{Start}{line}\u25B8v", Rejection.FieldLineTooLong);
        Refused($"{Start}{new string('N', 8192)}\u25B8N: v\r\n\r\n", Rejection.FieldLineTooLong);
        Assert.That(RejectionTable.Get(Rejection.FieldLineTooLong).Status, Is.EqualTo(431));
    }

    [Test]
    public void H28_a_section_of_the_limit_passes_and_one_more_is_too_large()
    {
        const int Limit = 32768;
        var section = new StringBuilder("Host: a\r\n");
        while (section.Length + 4002 < Limit - 2)
        {
            section.Append("X: ").Append('v', 3997).Append("\r\n");
        }

        int rest = Limit - 2 - section.Length;
        section.Append("X: ").Append('v', rest - 5).Append("\r\n");
        Assert.That(section.Length, Is.EqualTo(Limit - 2), "with the empty line the limit");
        Assert.That(Parse($"GET / HTTP/1.1\r\n{section}\r\n").Status, Is.EqualTo(ParseStatus.Done));

        string larger = section.ToString().Insert(section.Length - 2, "v");
        Refused($"GET / HTTP/1.1\r\n{larger}\r\u25B8\n", Rejection.FieldSectionTooLarge);
        string endless = section.ToString()[..^2] + "vv";
        Refused($"GET / HTTP/1.1\r\n{endless}vv\u25B8v", Rejection.FieldSectionTooLarge);
        Assert.That(RejectionTable.Get(Rejection.FieldSectionTooLarge).Status, Is.EqualTo(431));
    }

    [Test]
    public void H28_a_hundred_fields_pass_and_one_more_is_too_many()
    {
        string fields = string.Concat(Enumerable.Range(1, 99).Select(i => $"X{i}: {i}\r\n"));
        RequestTrace trace = Parse($"{Start}{fields}\r\n");
        Assert.That(trace.Fields.Split('\n'), Has.Length.EqualTo(101));
        Refused($"{Start}{fields}\u25B8Y: 1\r\n\r\n", Rejection.FieldsTooMany);
        Assert.That(RejectionTable.Get(Rejection.FieldsTooMany).Status, Is.EqualTo(431));
    }

    [Test]
    public void H29_nothing_is_said_before_the_whole_section_is_there() =>
        Assert.That(
            Parse("GET / HTTP/1.1\r\nHost: a b\r\nContent-Length: x\r\n").Status,
            Is.EqualTo(ParseStatus.NeedMore));

    [Test]
    public void H30_Host_must_be_there_once()
    {
        Refused("GET / HTTP/1.1\r\n\r\n\u25B8", Rejection.HostMissing);
        Refused("GET / HTTP/1.1\r\nX: Host: a\r\n\r\n\u25B8", Rejection.HostMissing);
        Refused("GET http://a/ HTTP/1.1\r\n\r\n\u25B8", Rejection.HostMissing);
        Refused("GET / HTTP/1.1\r\nHost: a\r\nHost: \u25B8a\r\n\r\n", Rejection.HostRepeated);
        Refused("GET / HTTP/1.1\r\nHost: a\r\nhOST: \u25B8b\r\n\r\n", Rejection.HostRepeated);
        Refused("GET / HTTP/1.0\r\nHost: a\r\nHost: \u25B8a\r\n\r\n", Rejection.HostRepeated);
    }

    [Test]
    public void H30_a_10_request_may_omit_Host()
    {
        RequestTrace trace = Parse("GET / HTTP/1.0\r\n\r\n");
        Assert.That(trace.Status, Is.EqualTo(ParseStatus.Done));
        Assert.That(trace.Authority, Is.Empty);
    }

    [TestCase("a")]
    [TestCase("a.example")]
    [TestCase("a.example:8080")]
    [TestCase("a:")]
    [TestCase("[::1]:")]
    [TestCase("a:0")]
    [TestCase("a:65535")]
    [TestCase("127.0.0.1:80")]
    [TestCase("a_b-c~d.e")]
    [TestCase("%41b")]
    [TestCase("[::1]")]
    [TestCase("[::]:80")]
    [TestCase("[1:2:3:4:5:6:7:8]")]
    [TestCase("[2001:db8::8]:443")]
    [TestCase("[::ffff:192.0.2.1]")]
    [TestCase("[1:2:3:4:5:6:192.0.2.1]")]
    [TestCase("[1:2:3:4:5:6:7::]")]
    public void H31_a_host_with_an_optional_port_is_taken(string host) =>
        Assert.That(Parse($"GET / HTTP/1.1\r\nHost: {host}\r\n\r\n").Authority, Is.EqualTo(host));

    [TestCase("u@a")]
    [TestCase("u:p@a")]
    [TestCase("a/b")]
    [TestCase("a,b")]
    [TestCase("a b")]
    [TestCase("a?b")]
    [TestCase("a#b")]
    [TestCase("a\\b")]
    [TestCase("a\u00E9")]
    [TestCase("a:65536")]
    [TestCase("a:8x")]
    [TestCase("a:+80")]
    [TestCase("a:80:80")]
    [TestCase("a:000080")]
    [TestCase(":80")]
    [TestCase(":")]
    [TestCase("a::")]
    [TestCase("a%4")]
    [TestCase("a%zz")]
    [TestCase("http://a")]
    [TestCase("[]")]
    [TestCase("[::1")]
    [TestCase("[::1]x")]
    [TestCase("[:::1]")]
    [TestCase("[1::2::3]")]
    [TestCase("[1:2:3:4:5:6:7]")]
    [TestCase("[1:2:3:4:5:6:7:8:9]")]
    [TestCase("[1:2:3:4:5:6:7:8::]")]
    [TestCase("[12345::]")]
    [TestCase("[1:]")]
    [TestCase("[:1]")]
    [TestCase("[::1.2.3]")]
    [TestCase("[::1.2.3.256]")]
    [TestCase("[::1.2.3.4.5]")]
    [TestCase("[::1.2.3.04]")]
    [TestCase("[fe80::1%25eth0]")]
    [TestCase("[v1.a]")]
    public void H31_H91_anything_else_is_no_host(string host) =>
        Refused($"GET / HTTP/1.1\r\nHost: \u25B8{host}\r\n\r\n", Rejection.HostInvalid);

    [TestCase("Host:\u25B8\r\n")]
    [TestCase("Host: \t\u25B8\r\n")]
    public void H32_H91_an_empty_Host_is_refused(string line) =>
        Refused($"GET / HTTP/1.1\r\n{line}\r\n", Rejection.HostInvalid);

    [Test]
    public void H33_eight_empty_list_elements_pass_and_nine_do_not()
    {
        RequestTrace trace = Parse($"{Start}Connection: ,,,, ,,,close\r\nConnection: ,x\r\n\r\n");
        Assert.That(trace.Status, Is.EqualTo(ParseStatus.Done));
        Assert.That(trace.KeepAlive, Is.False);
        Refused(
            $"{Start}Connection: ,,,, ,,,close\r\nConnection: \u25B8,,x\r\n\r\n",
            Rejection.ListEmptyElements);
    }

    [TestCase("close, \"x\"")]
    [TestCase("clo se")]
    [TestCase("close; q=1")]
    public void H33_a_connection_option_is_a_token(string value) =>
        Refused($"{Start}Connection: \u25B8{value}\r\n\r\n", Rejection.ListInvalid);

    [TestCase("\"\"", "")]
    [TestCase("\"a b\"", "a b")]
    [TestCase("\"a\\\"b\\\\c\\d\"", "a\"b\\cd")]
    public void H34_quoted_strings_are_decoded(string quoted, string text)
    {
        byte[] target = new byte[quoted.Length];
        Assert.That(QuotedString.TryDecode(Feed.Octets(quoted), target, out int written));
        Assert.That(Encoding.Latin1.GetString(target, 0, written), Is.EqualTo(text));
    }

    [TestCase("")]
    [TestCase("\"")]
    [TestCase("a")]
    [TestCase("\"a")]
    [TestCase("\"a\"b\"")]
    [TestCase("\"a\\\"")]
    [TestCase("\"\0\"")]
    [TestCase("\"\\\r\"")]
    public void H34_what_is_no_quoted_string_is_not_decoded(string text) =>
        Assert.That(QuotedString.TryDecode(Feed.Octets(text), new byte[16], out _), Is.False);

    [Test]
    public void H36_names_are_never_merged()
    {
        var head = new RequestHead();
        ParseInto(head, $"{Start}Content_Length: 5\r\nX-A: 1\r\nX_A: 2\r\n\r\n");
        Assert.Multiple(() =>
        {
            Assert.That(head.BodyKind, Is.EqualTo(BodyKind.None));
            Assert.That(head.GetHeader("x-a"), Is.EqualTo("1"));
            Assert.That(head.GetHeader("x_a"), Is.EqualTo("2"));
        });
    }

    [Test]
    public void H36_underscores_are_refused_where_the_limits_say_so() => Refused(
        $"{Start}\u25B8X_A: 2\r\n\r\n",
        Rejection.FieldNameUnderscore,
        new ParserLimits { RefuseUnderscoreNames = true });

    [TestCase("Content-Type", "text/plain")]
    [TestCase("Authorization", "Basic eDp5")]
    [TestCase("Expect", "100-continue")]
    [TestCase("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")]
    public void H37_a_single_field_is_not_repeated(string name, string value) => Refused(
        $"{Start}{name}: {value}\r\n{name.ToUpperInvariant()}: \u25B8{value}\r\n\r\n",
        Rejection.FieldRepeated);

    [Test]
    public void Fields_are_found_by_name_without_regard_to_case()
    {
        var head = new RequestHead();
        ParseInto(head, $"{Start}aCCept: one\r\nX-Own: 1\r\nAccept: two\r\nx-oWN: 2\r\n\r\n");
        Assert.That(head.TryGet(KnownHeader.Accept, out ReadOnlySpan<byte> value));
        Assert.That(Encoding.ASCII.GetString(value), Is.EqualTo("one"));
        Assert.That(head.TryGet("ACCEPT"u8, out value));
        Assert.That(Encoding.ASCII.GetString(value), Is.EqualTo("one"));
        Assert.That(head.TryGet("x-own"u8, out value));
        Assert.That(Encoding.ASCII.GetString(value), Is.EqualTo("1"));
        Assert.That(head.TryGet("x-ow"u8, out value), Is.False);
        Assert.That(head.TryGet(KnownHeader.Cookie, out value), Is.False);
        Assert.That(head.GetHeader("cookie"), Is.Null);

        List<string> values = [];
        foreach (ReadOnlySpan<byte> each in head.Values(KnownHeader.Accept))
        {
            values.Add(Encoding.ASCII.GetString(each));
        }

        foreach (ReadOnlySpan<byte> each in head.Values("X-OWN"u8))
        {
            values.Add(Encoding.ASCII.GetString(each));
        }

        Assert.That(string.Join(" ", values), Is.EqualTo("one two 1 2"));
    }

    [Test]
    public void Every_known_name_is_recognised_in_any_case()
    {
        for (int i = 1; i < KnownHeaders.Count; i++)
        {
            var header = (KnownHeader)i;
            string name = KnownHeaders.Name(header);
            Assert.That(Find(name.ToUpperInvariant()), Is.EqualTo(header));
            Assert.That(Find(name.ToLowerInvariant()), Is.EqualTo(header));
            Assert.That(Find(name + "x"), Is.EqualTo(KnownHeader.Other));
        }

        Assert.That(Enum.GetValues<KnownHeader>(), Has.Length.EqualTo(KnownHeaders.Count));
    }

    [Test]
    public void A_name_that_differs_from_a_known_one_in_any_octet_is_another()
    {
        for (int i = 1; i < KnownHeaders.Count; i++)
        {
            string name = KnownHeaders.Name((KnownHeader)i);
            for (int at = 0; at < name.Length; at++)
            {
                foreach (char octet in "\r!-0_~\u0080\u00C1")
                {
                    string other = $"{name[..at]}{octet}{name[(at + 1)..]}";
                    KnownHeader expected = other == name ? (KnownHeader)i : KnownHeader.Other;
                    Assert.That(Find(other), Is.EqualTo(expected), other);
                }
            }
        }

        Assert.That(Find(""), Is.EqualTo(KnownHeader.Other));
        Assert.That(Find("T"), Is.EqualTo(KnownHeader.Other));
    }

    private static KnownHeader Find(string name) => KnownHeaders.Find(Feed.Octets(name));

    private static void ParseInto(RequestHead head, string payload)
    {
        var buffer = new System.Buffers.ReadOnlySequence<byte>(Feed.Octets(payload));
        Assert.That(new RequestParser().Parse(buffer, head, out _), Is.EqualTo(ParseStatus.Done));
    }
}

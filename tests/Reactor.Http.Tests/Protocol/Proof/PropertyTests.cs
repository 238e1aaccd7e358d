// What holds for any request: a well-formed one parses to what it was made of, and a damaged one
// is refused without an exception, within its bytes and the same in pieces.
using System.Buffers;
using FsCheck;
using FsCheck.Fluent;
using Reactor.Http.Protocol;
using Reactor.Http.Tests.Oracle;
using Reactor.Testing;

namespace Reactor.Http.Tests.Proof;

public sealed class PropertyTests
{
    private const string Tchars =
        "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private static readonly Gen<string> s_method = Text(Tchars, 1, 32).Where(m => m != "CONNECT");
    private static readonly Gen<string> s_path = Text("abZ09-._~!$&'()*+,;=:@%/", 0, 40);
    private static readonly Gen<string> s_value = Text("ab \t!~\u0080\u00FF,;\"", 0, 30);

    private static readonly Gen<string[]> s_fields =
        from count in Gen.Choose(0, 20)
        from names in Text(Tchars, 1, 12).ArrayOf(count)
        from values in s_value.ArrayOf(count)
        select names.Zip(values, (name, value) => $"X{name}: {value.Trim(' ', '\t')}").ToArray();

    private static readonly Gen<string[]> s_chunks =
        Text("x\r\n0;\0", 1, 40).ArrayOf().Where(chunks => chunks.Length < 20);

    private static readonly Gen<Sample> s_sample =
        from method in s_method
        from path in s_path
        from fields in s_fields
        from chunks in s_chunks
        from kind in Gen.Choose(0, 2)
        select new Sample(method, "/" + path, fields, chunks, kind);

    private sealed record Sample(
        string Method, string Target, string[] Fields, string[] Chunks, int Kind)
    {
        private string Content => string.Concat(Chunks);

        public byte[] Octets => Feed.Octets(
            $"{Method} {Target} HTTP/1.1\r\nHost: h\r\n"
            + string.Concat(Fields.Select(line => $"{line}\r\n")) + Body);

        public string[] Trace =>
        [
            $"request {Method} {Target} HTTP/1.1",
            "field Host: h",
            .. Fields.Select(line => CaseLine("field " + line)),
            .. Kind switch
            {
                0 => (string[])[],
                1 => [$"body {Content.Length}"],
                _ => ["body chunked"],
            },
            .. Kind > 0 && Content.Length > 0 ? [CaseLine("content " + Content)] : (string[])[],
            "idle",
        ];

        private string Body => Kind switch
        {
            0 => "\r\n",
            1 => $"Content-Length: {Content.Length}\r\n\r\n{Content}",
            _ => "Transfer-Encoding: chunked\r\n\r\n"
                + string.Concat(Chunks.Select(chunk => $"{chunk.Length:x}\r\n{chunk}\r\n"))
                + "0\r\n\r\n",
        };

        private static string CaseLine(string line)
        {
            var trace = new WireTrace();
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            trace.Line(Feed.Octets(line[..space]), Feed.Octets(line[(space + 1)..]));
            return trace.ToString()[..^1];
        }
    }

    [Test]
    public void A_request_parses_to_what_it_was_made_of() => Holds(Prop.ForAll(
        s_sample.ToArbitrary(),
        sample =>
        {
            string[] framing = sample.Kind switch
            {
                0 => [],
                1 => [$"field Content-Length: {sample.Chunks.Sum(chunk => chunk.Length)}"],
                _ => ["field Transfer-Encoding: chunked"],
            };
            int at = 2 + sample.Fields.Length;
            string[] expected = [.. sample.Trace[..at], .. framing, .. sample.Trace[at..]];
            string[] actual = Run(sample.Octets).ToString().Split('\n')[..^1];
            return actual.Where(IsMade).SequenceEqual(expected);
        }));

    // Derived lines, which the sample does not spell out.
    private static bool IsMade(string line) =>
        !line.StartsWith("path ", StringComparison.Ordinal)
        && !line.StartsWith("host ", StringComparison.Ordinal);

    [Test]
    public void A_damaged_request_is_read_as_the_oracle_reads_it() => Holds(Prop.ForAll(
        Damaged().ToArbitrary(),
        octets => octets.Length > WireOracle.BytesMax
            || new WireOracle().Objection(octets, Run(octets)) is null));

    [Test]
    public void A_damaged_request_keeps_to_its_bytes_and_limits() => Holds(Prop.ForAll(
        Damaged().ToArbitrary(),
        octets =>
        {
            WireTrace trace = Run(octets);
            return trace.Broken is null
                && trace.Heads.All(head => head.Start < head.End && head.End <= octets.Length)
                && trace.RejectionOffset <= octets.Length
                && trace.ContentBytesMost <= Math.Min(octets.Length, 1 << 20);
        }));

    [Test]
    public void Small_limits_are_never_exceeded() => Holds(Prop.ForAll(
        Damaged().ToArbitrary(),
        octets =>
        {
            var limits = new ParserLimits { FieldsMax = 3, FieldLineBytesMax = 20 };
            var head = new RequestHead();
            var status = new RequestParser(limits)
                .Parse(new ReadOnlySequence<byte>(octets), head, out _);
            bool small = head.Count <= 3;
            for (int i = 0; i < head.Count && status == ParseStatus.Done; i++)
            {
                small &= head[i].Name.Length + 1 + head[i].Value.Length <= 20;
            }

            return small;
        }));

    private static Gen<byte[]> Damaged() =>
        from sample in s_sample
        from at in Gen.Choose(0, 1_000_000)
        from octet in Gen.Elements(HostileStrings.Alphabet)
        from removed in Gen.Choose(0, 3)
        select Damage(sample.Octets, at, octet, removed);

    private static byte[] Damage(byte[] octets, int at, byte octet, int removed)
    {
        at %= octets.Length;
        return [.. octets[..at], octet, .. octets.Skip(at + removed)];
    }

    private static WireTrace Run(byte[] octets)
    {
        var trace = new WireTrace();
        new WireParser().Run([new ReadOnlySequence<byte>(octets)], trace);
        return trace;
    }

    private static Gen<string> Text(string alphabet, int least, int most) =>
        from length in Gen.Choose(least, most)
        from chars in Gen.Elements(alphabet.ToCharArray()).ArrayOf(length)
        select new string(chars);

    // A failure names the seed with which it can be run again.
    private static void Holds(Property property) =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(1000), property);
}

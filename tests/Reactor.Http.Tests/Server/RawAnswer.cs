using System.Globalization;
using System.Text;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// One response, read from the bytes of a connection by the letter of RFC 9112 and without any code
/// of the product: what the product's own parser would forgive must not pass here.
/// </summary>
/// <param name="StatusLine">The first line.</param>
/// <param name="Fields">The field lines, in order.</param>
/// <param name="Body">The content, decoded from its chunks if it came in chunks.</param>
/// <param name="IsWhole">False if the bytes end before the response does.</param>
internal sealed record RawAnswer(
    string StatusLine, IReadOnlyList<(string Name, string Value)> Fields, byte[] Body, bool IsWhole)
{
    /// <summary>
    /// The status code; three digits behind the version, then a space (RFC 9112 4).
    /// </summary>
    public int Status
    {
        get
        {
            Assert.That(StatusLine, Does.Match("^HTTP/1\\.1 [1-5][0-9][0-9] [\\x20-\\x7E]*$"));
            return int.Parse(StatusLine.AsSpan(9, 3), CultureInfo.InvariantCulture);
        }
    }

    /// <summary>The trailer fields, in order.</summary>
    public IReadOnlyList<(string Name, string Value)> Trailers { get; private init; } = [];

    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The only value of a field, or null.</summary>
    public string? this[string name]
    {
        get
        {
            string[] values = All(name);
            Assert.That(values, Has.Length.LessThan(2), $"{name} stands more than once");
            return values.FirstOrDefault();
        }
    }

    /// <summary>All values of a field, in their order.</summary>
    public string[] All(string name) =>
    [
        .. Fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Select(field => field.Value),
    ];

    public bool SaysClose => this["Connection"] == "close";

    /// <summary>Reads every response there is.</summary>
    /// <param name="bytes">All that a connection sent.</param>
    /// <param name="hasEnded">Whether it ended its stream after that.</param>
    /// <param name="methods">Of the requests in turn; GET where there are fewer.</param>
    public static List<RawAnswer> ParseAll(
        ReadOnlySpan<byte> bytes, bool hasEnded, params string[] methods)
    {
        var answers = new List<RawAnswer>();
        int finals = 0;
        while (!bytes.IsEmpty)
        {
            string method = finals < methods.Length ? methods[finals] : "GET";
            RawAnswer answer = Parse(bytes, hasEnded, method, out int used);
            answers.Add(answer);
            finals += answer.IsWhole && answer.Status < 200 ? 0 : 1;
            bytes = bytes[used..];
        }

        return answers;
    }

    private static RawAnswer Parse(
        ReadOnlySpan<byte> bytes, bool hasEnded, string method, out int used)
    {
        int end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            used = bytes.Length;
            return new RawAnswer(Encoding.Latin1.GetString(bytes), [], [], false);
        }

        string[] lines = Encoding.Latin1.GetString(bytes[..end]).Split("\r\n");
        var answer = new RawAnswer(lines[0], [.. lines.Skip(1).Select(ParseField)], [], true);
        ReadOnlySpan<byte> rest = bytes[(end + 4)..];
        used = end + 4;
        if (method == "HEAD" || answer.Status is < 200 or 204 or 304)
        {
            return answer;
        }

        int bodyUsed;
        if (answer["Transfer-Encoding"] is { } coding)
        {
            Assert.That(coding, Is.EqualTo("chunked"));
            Assert.That(answer["Content-Length"], Is.Null, "RFC 9112 6.2: not both");
            answer = ParseChunks(answer, rest, out bodyUsed);
        }
        else if (answer["Content-Length"] is { } length)
        {
            bodyUsed = int.Parse(length, NumberStyles.None, CultureInfo.InvariantCulture);
            bool isWhole = bodyUsed <= rest.Length;
            bodyUsed = Math.Min(bodyUsed, rest.Length);
            answer = answer with { Body = rest[..bodyUsed].ToArray(), IsWhole = isWhole };
        }
        else
        {
            bodyUsed = rest.Length; // until the connection ends (RFC 9112 6.3)
            answer = answer with { Body = rest.ToArray(), IsWhole = hasEnded };
        }

        used += bodyUsed;
        return answer;
    }

    private static (string Name, string Value) ParseField(string line)
    {
        int colon = line.IndexOf(':', StringComparison.Ordinal);
        Assert.That(colon, Is.GreaterThan(0), $"no field: {line}");
        string value = line[(colon + 1)..];
        Assert.That(value, Does.StartWith(" "), "one space, as everybody writes it");
        return (line[..colon], value[1..]);
    }

    private static RawAnswer ParseChunks(RawAnswer answer, ReadOnlySpan<byte> rest, out int used)
    {
        var body = new List<byte>(rest.Length);
        used = 0;
        while (true)
        {
            int line = rest[used..].IndexOf("\r\n"u8);
            if (line < 0)
            {
                break;
            }

            int size = int.Parse(
                Encoding.ASCII.GetString(rest.Slice(used, line)),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture);
            used += line + 2;
            if (size == 0)
            {
                int end = rest[(used - 2)..].IndexOf("\r\n\r\n"u8);
                if (end < 0)
                {
                    break;
                }

                string trailers = Encoding.Latin1.GetString(rest.Slice(used - 2, end));
                used += end + 2;
                return answer with
                {
                    Body = [.. body],
                    Trailers = [.. trailers.Split("\r\n").Skip(1).Select(ParseField)],
                };
            }

            if (rest.Length < used + size + 2)
            {
                break;
            }

            body.AddRange(rest.Slice(used, size));
            used += size;
            Assert.That(rest.Slice(used, 2).SequenceEqual("\r\n"u8), "chunk data ends with CRLF");
            used += 2;
        }

        used = rest.Length;
        return answer with { Body = [.. body], IsWhole = false };
    }
}

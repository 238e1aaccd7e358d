// A parsed pattern: `/literal`; `/hello/{name}`, a segment that is not empty; `/files/{rest...}`,
// which may be empty or have slashes; and with raw values `/hello/{name:raw}` and
// `/raw/{rest:raw...}`. Literals are in the normal form in which paths are compared (see
// `PathSegment`). A malformed pattern is a mistake of the program, so it throws.
using System.Text;

namespace Reactor.Http.Routing;

internal enum SegmentKind
{
    Literal,
    Parameter,

    /// <summary>A parameter whose value keeps its escapes.</summary>
    RawParameter,

    Tail,

    /// <summary>A tail whose value keeps its escapes.</summary>
    RawTail,
}

internal readonly record struct PatternSegment(SegmentKind Kind, string Text);

internal sealed class RoutePattern
{
    private const string TailMark = "...";
    private const string RawMark = ":raw";

    // RFC 3986 3.3, pchar, without letters and digits.
    private const string Plain = "!$&'()*+,;=:@-._~";

    public string Text { get; }

    public PatternSegment[] Segments { get; }

    public string[] Names { get; }

    private RoutePattern(string text, PatternSegment[] segments, string[] names)
    {
        Text = text;
        Segments = segments;
        Names = names;
    }

    public bool IsLiteral => Names.Length == 0;

    /// <summary>The path of a literal pattern, in normal form.</summary>
    public string LiteralPath => string.Concat(Segments.Select(segment => "/" + segment.Text));

    public static RoutePattern Parse(string text, int segmentsMax)
    {
        if (text.Length == 0 || text[0] != '/')
        {
            throw Bad(text, "it must begin with '/'");
        }

        string[] parts = text[1..].Split('/');
        if (parts.Length > segmentsMax)
        {
            throw Bad(text, $"it has more than {segmentsMax} segments, and no path has");
        }

        var segments = new PatternSegment[parts.Length];
        List<string> names = [];
        for (int i = 0; i < parts.Length; i++)
        {
            bool last = i == parts.Length - 1;
            segments[i] = ParseSegment(text, parts[i], last);
            if (segments[i].Kind == SegmentKind.Literal)
            {
                continue;
            }

            if (names.Contains(segments[i].Text))
            {
                throw Bad(text, $"the name '{segments[i].Text}' stands in it twice");
            }

            names.Add(segments[i].Text);
        }

        return new RoutePattern(text, segments, [.. names]);
    }

    private static PatternSegment ParseSegment(string pattern, string part, bool last)
    {
        if (part.Length == 0 && !last)
        {
            throw Bad(pattern, "it has an empty segment");
        }

        if (part is "." or "..")
        {
            throw Bad(pattern, "a segment '.' or '..' is never sent by a browser");
        }

        if (!part.Contains('{') && !part.Contains('}'))
        {
            return new PatternSegment(SegmentKind.Literal, Normalise(pattern, part));
        }

        if (part[0] != '{' || part[^1] != '}')
        {
            throw Bad(
                pattern, $"'{part}' is partly literal; a parameter is a whole segment, '{{name}}'");
        }

        string name = part[1..^1];
        bool tail = TryCut(ref name, TailMark);
        bool raw = TryCut(ref name, RawMark);
        if (!IsName(name))
        {
            throw Bad(pattern, $"'{name}' is no name; a name is letters, digits and '_'");
        }

        if (tail && !last)
        {
            throw Bad(pattern, $"the tail '{part}' must be the last segment");
        }

        return new PatternSegment(
            tail
                ? raw ? SegmentKind.RawTail : SegmentKind.Tail
                : raw ? SegmentKind.RawParameter : SegmentKind.Parameter,
            name);
    }

    private static bool TryCut(ref string name, string mark)
    {
        bool isThere = name.EndsWith(mark, StringComparison.Ordinal);
        name = isThere ? name[..^mark.Length] : name;
        return isThere;
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0])
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    // Patterns have no percent escapes; what a path can only hold escaped is escaped here.
    private static string Normalise(string pattern, string part)
    {
        var normal = new StringBuilder(part.Length);
        foreach (Rune rune in part.EnumerateRunes())
        {
            if (rune.IsAscii && (char.IsAsciiLetterOrDigit((char)rune.Value)
                || Plain.Contains((char)rune.Value, StringComparison.Ordinal)))
            {
                normal.Append((char)rune.Value);
                continue;
            }

            if (rune.Value is '%' or '?' or '#' or < ' ' or 0x7F)
            {
                throw Bad(
                    pattern, "a literal is written plainly, without '%', '?', '#' or controls");
            }

            foreach (byte b in Encoding.UTF8.GetBytes(rune.ToString()))
            {
                normal.Append('%').Append(b.ToString("X2", null));
            }
        }

        return normal.ToString();
    }

    private static ArgumentException Bad(string pattern, string why) =>
        new($"The route pattern '{pattern}' is not usable: {why}.", nameof(pattern));
}

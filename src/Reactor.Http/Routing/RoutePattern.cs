// A parsed pattern: `/literal`; `/hello/{name}`, a segment that is not empty; `/items/{id:int}`,
// one with a constrained value; `/files/{rest...}`, which may be empty or have slashes; and with
// raw values `/hello/{name:raw}` and `/raw/{rest:raw...}`. Literals are in the normal form in which
// paths are compared (see `PathSegment`). A malformed pattern is a mistake of the program, so it
// throws.
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

/// <param name="Kind">The kind.</param>
/// <param name="Text">The literal in normal form, or the name of the parameter.</param>
/// <param name="Values">The decoded values of a constrained parameter; null: all.</param>
internal readonly record struct PatternSegment(
    SegmentKind Kind, string Text, ValueSet? Values = null)
{
    public bool IsRaw => Kind is SegmentKind.RawParameter or SegmentKind.RawTail;

    public bool IsTail => Kind is SegmentKind.Tail or SegmentKind.RawTail;
}

internal sealed class RoutePattern
{
    /// <summary>
    /// Segments of a path, 128: no route has more, and it bounds every step of matching.
    /// </summary>
    public const int SegmentsMax = 128;

    private const string TailMark = "...";
    private const string Raw = "raw";

    // RFC 3986 3.3, pchar, without letters and digits.
    private const string Plain = "!$&'()*+,;=:@-._~";

    /// <summary>The prefix of all paths: no segment. It matches no path.</summary>
    public static RoutePattern Empty { get; } = new("", [], []);

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

    public static RoutePattern Parse(string text)
    {
        if (text.Length == 0 || text[0] != '/')
        {
            throw Bad(text, "it must begin with '/'");
        }

        string[] parts = text[1..].Split('/');
        if (parts.Length > SegmentsMax)
        {
            throw Bad(text, $"it has more than {SegmentsMax} segments, and no path has");
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

    /// <summary>
    /// The pattern of a route below a prefix: <c>/api</c> and <c>/items</c> make
    /// <c>/api/items</c>, <c>/api</c> and <c>/</c> make <c>/api/</c>, and <c>/api</c> and an empty
    /// pattern make <c>/api</c>. The prefixes <c>/</c> and "" add nothing.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// The prefix ends with a slash or has a tail, or the pattern does not begin with a slash.
    /// </exception>
    public static string Join(string prefix, string pattern)
    {
        prefix = prefix == "/" ? "" : prefix;
        if (pattern.Length > 0 && pattern[0] != '/')
        {
            throw Bad(pattern, $"below a prefix it is empty or begins with '/': '/{pattern}'");
        }

        if (prefix.Length == 0)
        {
            return pattern;
        }

        if (prefix[0] != '/' || prefix[^1] == '/')
        {
            throw new ArgumentException(
                $"The prefix '{prefix}' is not usable: it begins with '/' and does not end with "
                + $"it, such as '/{prefix.Trim('/')}'.",
                nameof(prefix));
        }

        if (prefix.EndsWith(TailMark + "}", StringComparison.Ordinal))
        {
            throw new ArgumentException(
                $"The prefix '{prefix}' is not usable: a tail leaves no path below it.",
                nameof(prefix));
        }

        return prefix + pattern;
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

        string inner = part[1..^1];
        bool tail = inner.EndsWith(TailMark, StringComparison.Ordinal);
        string[] words = (tail ? inner[..^TailMark.Length] : inner).Split(':');
        if (!IsName(words[0]))
        {
            throw Bad(
                pattern,
                $"'{words[0]}' is no name; a name is letters, digits and '_'{OtherForm(words[0])}");
        }

        if (tail && !last)
        {
            throw Bad(pattern, $"the tail '{part}' must be the last segment");
        }

        bool raw = words.AsSpan(1).Contains(Raw);
        ValueSet? values = ParseConstraints(pattern, part, words.AsSpan(1));
        return (tail, raw, values) switch
        {
            (true, _, not null) => throw Bad(pattern, $"the tail '{part}' can only be ':raw'"),
            (_, true, { Kind: not ValueKind.Text }) => throw Bad(
                pattern, $"the values of '{part}' have nothing to escape; remove ':raw'"),
            (true, _, _) => new(raw ? SegmentKind.RawTail : SegmentKind.Tail, words[0]),
            _ => new(raw ? SegmentKind.RawParameter : SegmentKind.Parameter, words[0], values),
        };
    }

    // The values that satisfy every constraint; null: all.
    private static ValueSet? ParseConstraints(
        string pattern, string part, ReadOnlySpan<string> words)
    {
        ValueSet all = ValueSet.All;
        foreach (string word in words)
        {
            if (word == Raw)
            {
                continue;
            }

            ValueSet set = ValueConstraint.Parse(word, out string why) ?? throw Bad(pattern, why);
            all = all.Intersect(set) ?? throw Bad(
                pattern, $"no value satisfies all constraints of '{part}'");
        }

        return all == ValueSet.All ? null : all;
    }

    /// <summary>What to write for the forms that ASP.NET Core has.</summary>
    private static string OtherForm(string name) => name switch
    {
        ['*', ..] => "; the rest of a path is '{name...}'",
        [.., '?'] => "; a path without the value needs a route of its own",
        _ => "",
    };

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

using System.Globalization;

namespace Reactor.Http.Tests.Routing.Oracle;

/// <summary>A segment of a pattern, and which segments of a path it matches.</summary>
internal sealed class OracleSegment
{
    private readonly string _text;
    private readonly string[] _constraints;
    private readonly ulong _inner;
    private readonly ulong _last;

    public OracleSegment(string text)
    {
        string[] words =
            text.Trim('{', '}').Replace("...", "", StringComparison.Ordinal).Split(':');
        _text = text;
        _constraints = [.. words.Skip(1).Where(word => word != "raw")];
        IsLiteral = !text.StartsWith('{');
        IsTail = text.EndsWith("...}", StringComparison.Ordinal);
        IsRaw = words.Contains("raw");
        Rank = (IsLiteral, IsTail, _constraints.Length > 0, IsRaw) switch
        {
            (true, _, _, _) => 0,
            (_, false, true, false) => 1,
            (_, false, true, true) => 2,
            (_, false, false, false) => 3,
            (_, false, false, true) => 4,
            (_, true, _, false) => 5,
            _ => 6,
        };
        (_inner, _last) = (BitsOf(isLast: false), BitsOf(isLast: true));
    }

    public bool IsLiteral { get; }

    public bool IsTail { get; }

    public bool IsRaw { get; }

    /// <summary>The place in the order of specificity, the most specific first.</summary>
    public int Rank { get; }

    /// <summary>
    /// Bit i is set if it matches the segment i of a path, which is the last one of it or not.
    /// </summary>
    public ulong Matches(bool isLast) => isLast ? _last : _inner;

    // A tail matches each of several segments.
    private ulong BitsOf(bool isLast)
    {
        ulong bits = 0;
        for (int i = 0; i < SentSegment.All.Count; i++)
        {
            bits |= Takes(SentSegment.All[i], isLast) ? 1UL << i : 0;
        }

        return bits;
    }

    private bool Takes(SentSegment sent, bool isLast) =>
        IsLiteral ? sent.Decoded == _text && sent.IsSafe
        : IsTail && sent.Sent.Length == 0 ? isLast || IsRaw
        : sent.Sent.Length > 0
            && (IsRaw || sent.IsSafe)
            && _constraints.All(one => sent.Decoded is { } value && IsIn(one, value));

    private static bool IsIn(string constraint, string value)
    {
        string[] bounds = constraint.TrimEnd(')').Split('(', ',');
        bool isNumber = decimal.TryParse(
            value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out decimal number)
            && number.ToString(CultureInfo.InvariantCulture) == value;
        return bounds[0] switch
        {
            "int" => isNumber && number is >= int.MinValue and <= int.MaxValue,
            "long" => isNumber && number is >= long.MinValue and <= long.MaxValue,
            "guid" => Guid.TryParseExact(value, "D", out _),
            "alpha" => value.All(char.IsAsciiLetter),
            "range" => isNumber && number >= Number(bounds[1]) && number <= Number(bounds[2]),
            _ => value.Length >= Number(bounds[1]) && value.Length <= Number(bounds[2]),
        };
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>A pattern as a list of segments.</summary>
internal sealed class OraclePattern
{
    private const int SegmentsMax = 8; // more than any pattern of a test has

    private static readonly Dictionary<string, OracleSegment> s_segments = [];

    public OraclePattern(string text)
    {
        Text = text;
        Segments = text.Length == 0 ? [] : [.. text[1..].Split('/').Select(part =>
            s_segments.TryGetValue(part, out OracleSegment? known)
                ? known : s_segments[part] = new OracleSegment(part))];
    }

    public string Text { get; }

    public OracleSegment[] Segments { get; }

    /// <summary>The segment at a place of a path; a tail stands at all that follow.</summary>
    public OracleSegment At(int place) => Segments[Math.Min(place, Segments.Length - 1)];

    /// <summary>Whether it matches a path, given by the numbers of its segments.</summary>
    public bool Matches(int[] path)
    {
        for (int i = 0; i < path.Length; i++)
        {
            if (!Fits(path.Length) || !Has(At(i).Matches(i == path.Length - 1), path[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the path is the prefix or lies below it.</summary>
    public bool IsPrefixOf(int[] path)
    {
        for (int i = 0; i < Segments.Length; i++)
        {
            if (i >= path.Length || !Has(Segments[i].Matches(isLast: false), path[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The values of the parameters.</summary>
    public string[] Capture(int[] path) =>
    [
        .. Segments.Select((segment, i) => (segment, i)).Where(pair => !pair.segment.IsLiteral)
            .Select(pair => string.Join(
                '/',
                (pair.segment.IsTail ? path.Skip(pair.i) : [path[pair.i]])
                    .Select(number => SentSegment.All[number])
                    .Select(sent => pair.segment.IsRaw ? sent.Sent : sent.Decoded))),
    ];

    /// <summary>
    /// Less than 0 if this pattern is more specific, more than 0 if the other is, 0 if their
    /// segments have the same values; null if none of it holds.
    /// </summary>
    public int? Compare(OraclePattern other)
    {
        for (int i = 0; i < Math.Min(Segments.Length, other.Segments.Length); i++)
        {
            (OracleSegment one, OracleSegment two) = (Segments[i], other.Segments[i]);
            if (one.Rank != two.Rank)
            {
                return one.Rank - two.Rank;
            }

            ulong ofOne = one.Matches(isLast: true);
            ulong ofTwo = two.Matches(isLast: true);
            if (ofOne != ofTwo)
            {
                return (ofOne & ~ofTwo) == 0 ? -1 : (ofTwo & ~ofOne) == 0 ? 1 : null;
            }
        }

        return Segments.Length - other.Segments.Length;
    }

    /// <summary>Whether some path matches both.</summary>
    public bool HasPathWith(OraclePattern other)
    {
        for (int count = 1; count <= SegmentsMax; count++)
        {
            bool hasPath = Fits(count) && other.Fits(count);
            for (int i = 0; hasPath && i < count; i++)
            {
                bool isLast = i == count - 1;
                hasPath = (At(i).Matches(isLast) & other.At(i).Matches(isLast)) != 0;
            }

            if (hasPath)
            {
                return true;
            }
        }

        return false;
    }

    private bool Fits(int count) =>
        count == Segments.Length || (count > Segments.Length && Segments[^1].IsTail);

    private static bool Has(ulong bits, int number) => (bits >> number & 1) != 0;
}

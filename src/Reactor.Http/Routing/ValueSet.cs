// The set of the values that a constrained parameter matches, in a normal form: two sets with the
// same values are equal, so the intersection of two tells how they relate.
//
// The kinds: any text, ASCII letters, a GUID as 8-4-4-4-12 hexadecimal digits, and a 64-bit number
// in its only decimal form ("7" and "-7", not "07", "+7" or "-0"). One number has one form, so that
// one resource has one path, and a set of numbers is two intervals. Lengths restrict texts and
// letters, and remove numbers.
using System.Globalization;

namespace Reactor.Http.Routing;

internal enum ValueKind
{
    Text,
    Letters,
    Guid,
    Number,
}

/// <summary>How the values of one set relate to those of another.</summary>
internal enum ValueRelation
{
    Disjoint,
    Same,
    Subset,
    Superset,

    /// <summary>Some values are in both sets, and some in only one, on either side.</summary>
    Overlap,
}

/// <summary>A set of values. Never empty.</summary>
/// <param name="Kind">The kind of the values.</param>
/// <param name="Lengths">Of texts and letters: the numbers of characters.</param>
/// <param name="Negative">Of numbers: those below 0.</param>
/// <param name="Natural">Of numbers: the others.</param>
internal sealed record ValueSet(
    ValueKind Kind, Interval Lengths, Interval Negative, Interval Natural)
{
    private const int GuidLength = 36;
    private const int DigitsMax = 19; // of a 64-bit number

    private static readonly Interval s_naturals = new(0, long.MaxValue);
    private static readonly Interval s_negatives = new(long.MinValue, -1);

    private static readonly Interval s_anyLength = new(1, int.MaxValue);

    /// <summary>Every value.</summary>
    public static ValueSet All { get; } = OfLengths(1, int.MaxValue);

    public static ValueSet Letters { get; } =
        new(ValueKind.Letters, s_anyLength, Interval.Empty, Interval.Empty);

    public static ValueSet Guids { get; } =
        new(ValueKind.Guid, Interval.Empty, Interval.Empty, Interval.Empty);

    public static ValueSet OfLengths(int least, int most) =>
        new(ValueKind.Text, new(least, most), Interval.Empty, Interval.Empty);

    public static ValueSet Numbers(long least, long most) => new(
        ValueKind.Number,
        Interval.Empty,
        s_negatives.Intersect(new(least, most)),
        s_naturals.Intersect(new(least, most)));

    /// <summary>Whether a decoded value, which is not empty, is in the set.</summary>
    public bool Contains(ReadOnlySpan<char> value) => Kind switch
    {
        ValueKind.Text => Lengths.Contains(value.Length),
        ValueKind.Letters => Lengths.Contains(value.Length) && AreLetters(value),
        ValueKind.Guid => IsGuid(value),
        _ => TryParse(value, out long number)
            && (Natural.Contains(number) || Negative.Contains(number)),
    };

    /// <summary>The values of both sets; null if there are none.</summary>
    public ValueSet? Intersect(ValueSet other)
    {
        if (Kind > other.Kind)
        {
            return other.Intersect(this);
        }

        if (Kind != ValueKind.Text && Kind != other.Kind)
        {
            return null; // no value is of two kinds
        }

        return other.Kind switch
        {
            ValueKind.Guid when Kind == ValueKind.Text =>
                Lengths.Contains(GuidLength) ? other : null,
            ValueKind.Guid => this,
            ValueKind.Number when Kind == ValueKind.Text => other.Keep(
                NegativesOf(Lengths), NaturalsOf(Lengths)),
            ValueKind.Number => other.Keep(Negative, Natural),
            _ => Lengths.Intersect(other.Lengths) is { IsEmpty: false } lengths
                ? other with { Lengths = lengths }
                : null,
        };
    }

    public ValueRelation RelationTo(ValueSet other)
    {
        ValueSet? common = Intersect(other);
        return common is null ? ValueRelation.Disjoint
            : this == other ? ValueRelation.Same
            : common == this ? ValueRelation.Subset
            : common == other ? ValueRelation.Superset
            : ValueRelation.Overlap;
    }

    /// <summary>A short value of the set, for messages.</summary>
    public string Example() => Kind switch
    {
        ValueKind.Guid => Guid.Empty.ToString(),
        ValueKind.Number => (Natural.IsEmpty ? Negative.Most : Natural.Least)
            .ToString(CultureInfo.InvariantCulture),
        _ => new string('a', (int)Math.Min(Lengths.Least, 100)),
    };

    private ValueSet? Keep(Interval negative, Interval natural)
    {
        (negative, natural) = (Negative.Intersect(negative), Natural.Intersect(natural));
        return negative.IsEmpty && natural.IsEmpty
            ? null
            : this with { Negative = negative, Natural = natural };
    }

    private static Interval NaturalsOf(Interval lengths) =>
        lengths.Least > DigitsMax ? Interval.Empty : new(
            lengths.Least == 1 ? 0 : Power(lengths.Least - 1),
            lengths.Most >= DigitsMax ? long.MaxValue : Power(lengths.Most) - 1);

    // The sign is a character too.
    private static Interval NegativesOf(Interval lengths) =>
        lengths.Most < 2 || lengths.Least > DigitsMax + 1 ? Interval.Empty : new(
            lengths.Most > DigitsMax ? long.MinValue : 1 - Power(lengths.Most - 1),
            lengths.Least <= 2 ? -1 : -Power(lengths.Least - 2));

    private static long Power(long exponent)
    {
        long power = 1;
        for (long i = 0; i < exponent; i++)
        {
            power *= 10;
        }

        return power;
    }

    // RFC 9562 4, in either case.
    private static bool IsGuid(ReadOnlySpan<char> value)
    {
        if (value.Length != GuidLength)
        {
            return false;
        }

        for (int i = 0; i < value.Length; i++)
        {
            bool fits = i is 8 or 13 or 18 or 23
                ? value[i] == '-'
                : char.IsAsciiHexDigit(value[i]);
            if (!fits)
            {
                return false;
            }
        }

        return true;
    }

    private static bool TryParse(ReadOnlySpan<char> value, out long number)
    {
        ReadOnlySpan<char> digits = value is ['-', ..] ? value[1..] : value;
        number = 0;
        return digits.Length is > 0 and <= DigitsMax
            && AreDigits(digits)
            && (digits[0] != '0' || value.Length == 1)
            && long.TryParse(
                value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
    }

    // The library's search boxes its bounds until it is optimised.
    private static bool AreDigits(ReadOnlySpan<char> value)
    {
        foreach (char c in value)
        {
            if (!char.IsAsciiDigit(c))
            {
                return false;
            }
        }

        return true;
    }

    private static bool AreLetters(ReadOnlySpan<char> value)
    {
        foreach (char c in value)
        {
            if (!char.IsAsciiLetter(c))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>
/// The whole numbers from one to another, both included; all empty ones are equal.
/// </summary>
internal readonly record struct Interval(long Least, long Most)
{
    public static Interval Empty { get; } = new(0, -1);

    public bool IsEmpty => Least > Most;

    public bool Contains(long number) => number >= Least && number <= Most;

    public Interval Intersect(Interval other) =>
        new Interval(Math.Max(Least, other.Least), Math.Min(Most, other.Most))
            is { IsEmpty: false } common ? common : Empty;
}

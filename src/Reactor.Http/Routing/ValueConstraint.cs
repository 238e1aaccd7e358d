// The constraints of a parameter: `int`, `long`, `guid`, `alpha`, `len(2,8)`, `range(1,100)`. The
// set is fixed: a regular expression of the user could take exponential time, and two of them could
// not be compared, so that conflicts would stay unknown.
using System.Globalization;

namespace Reactor.Http.Routing;

internal static class ValueConstraint
{
    /// <summary>The set of a constraint; null with the reason if it is malformed.</summary>
    public static ValueSet? Parse(string text, out string why)
    {
        why = "";
        switch (text)
        {
            case "int":
                return ValueSet.Numbers(int.MinValue, int.MaxValue);
            case "long":
                return ValueSet.Numbers(long.MinValue, long.MaxValue);
            case "guid":
                return ValueSet.Guids;
            case "alpha":
                return ValueSet.Letters;
            default:
                break;
        }

        int open = text.IndexOf('(', StringComparison.Ordinal);
        return (open < 0 ? text : text[..open]) switch
        {
            "len" => ParseLengths(text, out why),
            "range" => ParseRange(text, out why),
            _ => Fail(
                $"'{text}' is no constraint; the constraints are 'int', 'long', 'guid', 'alpha', "
                + "'len(2,8)', 'range(1,100)' and 'raw'",
                out why),
        };
    }

    private static ValueSet? ParseLengths(string text, out string why) =>
        !TryParseBounds(text, "len", out long least, out long most) || most > int.MaxValue
            ? Fail(
                $"'{text}' is malformed; lengths are two 32-bit numbers without spaces: 'len(2,8)'",
                out why)
            : least < 1
                ? Fail($"'{text}' begins below 1, and a value is never empty", out why)
                : least > most
                    ? Fail($"'{text}' is empty: its first number is the greater one", out why)
                    : Make(ValueSet.OfLengths((int)least, (int)most), out why);

    private static ValueSet? ParseRange(string text, out string why) =>
        !TryParseBounds(text, "range", out long least, out long most)
            ? Fail(
                $"'{text}' is malformed; a range is two 64-bit numbers without spaces: "
                + "'range(1,100)'",
                out why)
            : least > most
                ? Fail($"'{text}' is empty: its first number is the greater one", out why)
                : Make(ValueSet.Numbers(least, most), out why);

    private static bool TryParseBounds(string text, string name, out long least, out long most)
    {
        (least, most) = (0, 0);
        return text.Length > name.Length + 1
            && text[^1] == ')'
            && text[(name.Length + 1)..^1].Split(',') is [var first, var second]
            && TryParse(first, out least)
            && TryParse(second, out most);
    }

    private static bool TryParse(string text, out long number) => long.TryParse(
        text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    private static ValueSet Make(ValueSet set, out string why)
    {
        why = "";
        return set;
    }

    private static ValueSet? Fail(string reason, out string why)
    {
        why = reason;
        return null;
    }
}

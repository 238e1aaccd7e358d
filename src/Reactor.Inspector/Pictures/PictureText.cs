using System.Globalization;
using System.Text;

namespace Reactor.Inspector;

/// <summary>
/// Words and figures of a picture: durations, counts, and names cut to the space that there is. The
/// same input gives the same text on every machine. Pure; any thread.
/// </summary>
internal static class PictureText
{
    private static readonly (string Unit, double Nanoseconds)[] s_units =
        [("ns", 1), ("µs", 1e3), ("ms", 1e6), ("s", 1e9)];

    /// <summary>A duration with three digits and its unit: <c>1.25 ms</c>.</summary>
    public static string Time(long nanoseconds)
    {
        double size = Math.Abs((double)nanoseconds);
        (string unit, double scale) = s_units[0];
        foreach ((string name, double one) in s_units)
        {
            // 999,950 ns would print as 1000 µs.
            if (size >= one * 0.9995)
            {
                (unit, scale) = (name, one);
            }
        }

        double value = nanoseconds / scale;
        string format = Math.Abs(value) switch
        {
            >= 99.95 => "0",
            >= 9.995 => "0.#",
            _ => "0.##",
        };
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {unit}";
    }

    /// <summary>A position on an axis whose labels all have the unit of its step.</summary>
    public static string Tick(long nanoseconds, long step)
    {
        (string unit, double scale) = s_units.Last(one => one.Nanoseconds <= Math.Max(step, 1));
        return $"{(nanoseconds / scale).ToString("#,0.##", CultureInfo.InvariantCulture)} {unit}";
    }

    /// <summary>A number with its noun: <c>1 task</c>, <c>2,000 tasks</c>.</summary>
    public static string Count(long number, string noun) =>
        $"{Number(number)} {noun}{(number == 1 ? "" : "s")}";

    /// <summary>A number with separators between thousands.</summary>
    public static string Number(long number) =>
        number.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>
    /// A text that is at most so many columns wide; one that is cut ends in an ellipsis. Line
    /// breaks and characters that XML does not know become visible substitutes.
    /// </summary>
    public static string Shorten(string text, int columnsMax)
    {
        var shortened = new StringBuilder();
        int columns = 0;
        int end = 0; // of what still leaves a column for the ellipsis
        foreach (Rune rune in text.EnumerateRunes())
        {
            Rune shown = Shown(rune);
            columns += Columns(shown);
            if (columns > columnsMax)
            {
                shortened.Length = end;
                return columnsMax > 0 ? shortened.Append('…').ToString() : "";
            }

            shortened.Append(shown);
            end = columns < columnsMax ? shortened.Length : end;
        }

        return shortened.ToString();
    }

    /// <summary>The width of a text in columns of a fixed-width font.</summary>
    public static int Columns(string text)
    {
        int columns = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            columns += Columns(rune);
        }

        return columns;
    }

    /// <summary>Splits a sentence into lines of at most so many columns.</summary>
    public static IEnumerable<string> Wrap(string text, int columnsMax)
    {
        var line = new StringBuilder();
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && Columns(line.ToString()) + 1 + Columns(word) > columnsMax)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length == 0 ? "" : " ").Append(Shorten(word, columnsMax));
        }

        if (line.Length > 0)
        {
            yield return line.ToString();
        }
    }

    // Letters of East Asia and pictographs are two columns wide.
    private static int Columns(Rune rune) => rune.Value switch
    {
        < 0x1100 => 1,
        <= 0x115F or (>= 0x2E80 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3) => 2,
        (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) => 2,
        >= 0x1F300 and <= 0x3FFFD => 2,
        _ => 1,
    };

    /// <summary>A text on one line without control characters.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            clean.Append(Shown(rune));
        }

        return clean.ToString();
    }

    private static Rune Shown(Rune rune) => rune.Value switch
    {
        // Pictures of control characters; a line break must not end the line.
        < 0x20 => new Rune(0x2400 + rune.Value),
        // Neither XML nor a reader knows these, and those that turn the direction of a line would
        // change what stands after the name.
        (>= 0x7F and <= 0x9F) or (>= 0x200E and <= 0x200F) or (>= 0x2028 and <= 0x202E)
            or (>= 0x2066 and <= 0x2069) or 0xFFFE or 0xFFFF => Rune.ReplacementChar,
        _ => rune,
    };
}

using System.Buffers;
using System.Globalization;
using System.Text;

namespace Reactor;

/// <summary>
/// Makes text safe for a log. A client chooses paths, field values and what exceptions quote: a
/// line break would forge a line of the log, and an escape sequence would control the terminal of
/// its reader. So control characters are written as their C escapes.
/// </summary>
/// <remarks>
/// Escaped are C0 with CR, LF, TAB and ESC, DEL, C1 with NEL and CSI, and the separators U+2028 and
/// U+2029, which many viewers take for line breaks. A backslash is not: a path of a file stays
/// readable, and a reader cannot take two characters for a control. Any thread.
/// </remarks>
internal static class LogText
{
    private static readonly SearchValues<char> s_controls = SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Select(i => (char)i).Where(char.IsControl),
            '\u2028', '\u2029']);

    /// <summary>True if nothing in the text must be escaped.</summary>
    public static bool IsSafe(string? text) => !text.AsSpan().ContainsAny(s_controls);

    /// <summary>The text, with each control character escaped.</summary>
    public static string Escape(string? text)
    {
        if (text is null || IsSafe(text))
        {
            return text ?? "";
        }

        var safe = new StringBuilder(text.Length + 16);
        foreach (char one in text)
        {
            if (!s_controls.Contains(one))
            {
                safe.Append(one);
                continue;
            }

            safe.Append(one switch
            {
                '\r' => "\\r",
                '\n' => "\\n",
                '\t' => "\\t",
                _ => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)one:X4}"),
            });
        }

        return safe.ToString();
    }

    /// <summary>
    /// A value of a structured message: the value itself if its text is safe, else its text,
    /// escaped.
    /// </summary>
    public static object? Escape(object? value)
    {
        if (value is null or bool or byte or int or long or double or TimeSpan or DateTime or Enum)
        {
            return value;
        }

        string? text = value as string ?? value.ToString();
        return IsSafe(text) ? value : Escape(text);
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;

namespace Reactor;

/// <summary>
/// Escapes control characters in log text, some of which a client chooses: a line break would forge
/// a line, and an escape sequence would control the reader's terminal. Any thread.
/// </summary>
/// <remarks>
/// C0, DEL, C1 and the line breaks U+2028 and U+2029; no backslash, so file paths stay readable.
/// </remarks>
internal static class LogText
{
    private static readonly SearchValues<char> s_controls = SearchValues.Create(
        [.. Enumerable.Range(0, 0xA0).Select(i => (char)i).Where(char.IsControl),
            '\u2028', '\u2029']);

    public static bool IsSafe(string? text) => !text.AsSpan().ContainsAny(s_controls);

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

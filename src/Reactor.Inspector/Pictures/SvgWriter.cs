using System.Globalization;
using System.Text;

namespace Reactor.Inspector;

/// <summary>
/// Writes the shapes of a picture until its bytes are used up: a shape that does not fit is counted
/// and left out, so that the file stays small and well-formed. One thread at a time.
/// </summary>
internal sealed class SvgWriter(int bytesMax)
{
    private readonly StringBuilder _text = new();
    private int _bytes;

    /// <summary>Shapes that did not fit.</summary>
    public int LeftOut { get; private set; }

    /// <summary>The shapes, as they are in the file.</summary>
    public override string ToString() => _text.ToString();

    public void Rect(string style, double x, double y, double width, double height, double r = 0)
    {
        string round = r > 0 ? $" rx=\"{Number(r)}\"" : "";
        Add($"<rect class=\"{style}\" x=\"{Number(x)}\" y=\"{Number(y)}\" "
            + $"width=\"{Number(Math.Max(width, 0))}\" height=\"{Number(height)}\"{round}/>");
    }

    public void Line(string style, double x1, double y1, double x2, double y2) =>
        Path(style, $"M{Number(x1)} {Number(y1)}L{Number(x2)} {Number(y2)}");

    /// <summary>Draws a path; one without commands is nothing.</summary>
    public void Path(string style, string commands)
    {
        if (commands.Length > 0)
        {
            Add($"<path class=\"{style}\" d=\"{commands}\"/>");
        }
    }

    /// <summary>Draws a text, whose control characters the caller has replaced.</summary>
    public void Text(string style, double x, double y, string text)
    {
        if (text.Length > 0)
        {
            Add($"<text class=\"{style}\" x=\"{Number(x)}\" y=\"{Number(y)}\">"
                + $"{Escape(text)}</text>");
        }
    }

    /// <summary>A coordinate: at most one decimal, whatever the culture.</summary>
    public static string Number(double value) =>
        (Math.Round(value, 1) + 0.0).ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>A text as XML, in an element or in an attribute.</summary>
    public static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal)
        .Replace("\"", "&quot;", StringComparison.Ordinal);

    private void Add(string shape)
    {
        int bytes = Encoding.UTF8.GetByteCount(shape);
        if (_bytes + bytes > bytesMax)
        {
            LeftOut++;
            return;
        }

        _bytes += bytes;
        _text.Append(shape);
    }
}

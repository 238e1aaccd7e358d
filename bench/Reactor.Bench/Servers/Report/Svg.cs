using System.Globalization;
using System.Net;
using System.Text;

namespace Reactor.Bench.Servers.Report;

/// <summary>
/// A picture inside a page, with a title and a description for screen readers. It takes its colours
/// and its width from the page.
/// </summary>
internal sealed class Svg
{
    private readonly StringBuilder _text = new();

    public Svg(string id, string title, string description, double width, double height) =>
        Add($"""
            <svg viewBox="0 0 {width:F0} {height:F0}" role="img" aria-labelledby="{id}-t {id}-d">
            <title id="{id}-t">{Encode(title)}</title>
            <desc id="{id}-d">{Encode(description)}</desc>

            """);

    public static string Encode(string text) => WebUtility.HtmlEncode(text);

    public void Line(string style, double x1, double y1, double x2, double y2) => Add(
        $"<line class=\"{style}\" x1=\"{x1:F1}\" y1=\"{y1:F1}\" x2=\"{x2:F1}\" y2=\"{y2:F1}\"/>\n");

    public void Rectangle(string style, double x, double y, double width, double height) => Add(
        $"""
        <rect class="{style}" x="{x:F1}" y="{y:F1}" width="{width:F1}" height="{height:F1}" rx="2"/>

        """);

    public void Text(string style, double x, double y, string text) => Add(
        $"<text class=\"{style}\" x=\"{x:F1}\" y=\"{y:F1}\">{Encode(text)}</text>\n");

    /// <summary>A line through several points.</summary>
    public void Path(string style, IEnumerable<(double X, double Y)> points) => Add(
        $"<polyline class=\"{style}\" points=\"{Points(points)}\"/>\n");

    /// <summary>A point that says what it stands for when a pointer rests on it.</summary>
    public void Dot(string style, double x, double y, string says) => Add(
        $"""
        <circle class="{style}" cx="{x:F1}" cy="{y:F1}" r="4"><title>{Encode(says)}</title></circle>

        """);

    public override string ToString() => $"{_text}</svg>\n";

    private static string Points(IEnumerable<(double X, double Y)> points) => string.Join(
        ' ',
        points.Select(at => string.Create(
            CultureInfo.InvariantCulture, $"{at.X:F1},{at.Y:F1}")));

    private void Add(FormattableString text) =>
        _text.Append(text.ToString(CultureInfo.InvariantCulture));
}

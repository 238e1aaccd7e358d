using System.Text;

namespace Reactor.Inspector;

/// <summary>
/// The style sheet and the patterns of a picture. Colours are variables that follow the reader's
/// choice of light or dark. Pure; any thread.
/// </summary>
internal static class PictureStyle
{
    /// <summary>
    /// The width of a column of <c>.c</c> and <c>.n</c>: fixed-width text of 12 px.
    /// </summary>
    public const double ColumnWidth = 7.25;

    /// <summary>An upper bound of the mean width of a letter of 12 px in other text.</summary>
    public const double LetterWidth = 6.9;

    /// <summary>The same for the labels of 11 px.</summary>
    public const double SmallWidth = 6.4;

    private static readonly (string Name, string Light, string Dark)[] s_colours =
    [
        ("ground", "#ffffff", "#12161c"),
        ("panel", "#f1f4f8", "#1c222b"),
        ("ink", "#1b2129", "#e6ebf2"),
        ("soft", "#525c69", "#a9b4c3"),
        ("line", "#ccd3dc", "#39434f"),
    ];

    /// <summary>The style sheet for pictures with these areas.</summary>
    public static string Sheet(IReadOnlyCollection<PictureFill> fills, string prefix)
    {
        var sheet = new StringBuilder("svg{");
        AppendColours(sheet, fills, isDark: false);
        sheet.Append("}@media(prefers-color-scheme:dark){svg{");
        AppendColours(sheet, fills, isDark: true);
        sheet.Append(
            "}}text{font:12px system-ui,'Segoe UI',sans-serif;fill:var(--ink)}"
            + ".h{font-size:17px;font-weight:600}.b{font-weight:600}.q{fill:var(--soft)}"
            + ".c,.n{font-family:ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace}"
            + ".n{fill:var(--soft)}.a{font-size:11px;fill:var(--soft)}"
            + ".e{text-anchor:end}.m{text-anchor:middle}"
            + ".x{stroke:var(--ink);stroke-width:3}.g{fill:var(--ground)}.p{fill:var(--panel)}"
            + ".l{stroke:var(--line);fill:none}.i{stroke:var(--ink);fill:none}"
            + ".w,.d{stroke:var(--soft);fill:none}.d{stroke-dasharray:2 4}"
            + ".t{font-size:11px;paint-order:stroke;stroke:var(--ground);stroke-width:4px}"
            + ".o{font-size:11px;fill:var(--ground)}");
        foreach (PictureFill fill in fills)
        {
            string area = fill.Form switch
            {
                FillForm.Solid => $"var(--{fill.Name})",
                FillForm.Hollow => "var(--ground)",
                _ => $"url(#{prefix}-{fill.Name})",
            };
            sheet.Append($".{fill.Name}{{fill:{area};stroke:var(--{fill.Name})}}");
        }

        return sheet.ToString();
    }

    /// <summary>The definitions of the patterns that these areas use.</summary>
    public static string Patterns(IReadOnlyCollection<PictureFill> fills, string prefix)
    {
        var patterns = new StringBuilder();
        foreach (PictureFill fill in fills)
        {
            string? strokes = fill.Form switch
            {
                FillForm.Rising => "M0 6L6 0M-1 1L1-1M5 7L7 5",
                FillForm.Falling => "M0 0L6 6M-1 5L1 7M5-1L7 1",
                FillForm.Dots => "M2 3h2",
                FillForm.Cross => "M0 6L6 0M0 0L6 6",
                FillForm.Bars => "M2 0V6",
                FillForm.Rails => "M0 3H6",
                _ => null,
            };
            if (strokes is not null)
            {
                double width = fill.Form switch
                {
                    FillForm.Bars => 3,
                    FillForm.Dots => 2,
                    _ => 1.2,
                };
                patterns.Append(
                    $"<pattern id=\"{prefix}-{fill.Name}\" width=\"6\" height=\"6\" "
                    + "patternUnits=\"userSpaceOnUse\"><rect class=\"g\" width=\"6\" height=\"6\"/>"
                    + $"<path d=\"{strokes}\" style=\"fill:none;stroke:var(--{fill.Name});"
                    + $"stroke-width:{SvgWriter.Number(width)}\"/></pattern>");
            }
        }

        return patterns.ToString();
    }

    private static void AppendColours(
        StringBuilder sheet, IEnumerable<PictureFill> fills, bool isDark)
    {
        foreach ((string name, string light, string dark) in s_colours)
        {
            sheet.Append($"--{name}:{(isDark ? dark : light)};");
        }

        foreach (PictureFill fill in fills)
        {
            sheet.Append($"--{fill.Name}:{(isDark ? fill.Dark : fill.Light)};");
        }
    }
}

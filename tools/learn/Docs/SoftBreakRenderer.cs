using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax.Inlines;

namespace Reactor.Learn;

/// <summary>
/// Writes the end of a line inside a paragraph: between two Chinese characters as nothing, because
/// browsers would show a space.
/// </summary>
internal sealed class SoftBreakRenderer : HtmlObjectRenderer<LineBreakInline>
{
    // The first East Asian character; all after it are as wide.
    private const char FirstWide = '\u2E80';

    protected override void Write(HtmlRenderer renderer, LineBreakInline obj)
    {
        if (obj.IsHard)
        {
            renderer.WriteLine("<br>");
        }
        else if (!(EndsWide(obj.PreviousSibling) && BeginsWide(obj.NextSibling)))
        {
            renderer.WriteLine();
        }
    }

    private static bool EndsWide(Inline? inline) =>
        inline is LiteralInline { Content: var text } && text.Length > 0
        && text.Text[text.End] >= FirstWide;

    private static bool BeginsWide(Inline? inline) =>
        inline is LiteralInline { Content: var text } && text.Length > 0
        && text.Text[text.Start] >= FirstWide;
}

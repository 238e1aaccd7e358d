using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;

namespace Reactor.Learn;

/// <summary>Writes a block of code of a Markdown page with <see cref="CodeColours"/>.</summary>
internal sealed class CodeRenderer : HtmlObjectRenderer<CodeBlock>
{
    protected override void Write(HtmlRenderer renderer, CodeBlock obj)
    {
        string language = (obj as FencedCodeBlock)?.Info ?? "";
        renderer.EnsureLine();
        renderer.Write("<pre><code>");
        renderer.Write(CodeColours.Of(obj.Lines.ToString() + "\n", language));
        renderer.WriteLine("</code></pre>");
    }
}

using System.Net;
using System.Text;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Renderers.Html.Inlines;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Reactor.Learn;

/// <summary>
/// Makes the HTML of a page: the bar at its top, and a Markdown text, a source or a list of files.
/// Relative links stay as they are, because the addresses follow the folders. Pure; any thread.
/// </summary>
internal static class DocsPage
{
    private static readonly MarkdownPipeline s_pipeline = new MarkdownPipelineBuilder()
        .UsePipeTables()
        .UseAutoIdentifiers(AutoIdentifierOptions.GitHub)
        .Build();

    /// <summary>A page of Markdown.</summary>
    /// <param name="text">The Markdown.</param>
    /// <param name="path">The page, from the root.</param>
    /// <param name="other">The same page in the other language, from the root; null: none.</param>
    public static string OfMarkdown(string text, string path, string? other)
    {
        MarkdownDocument document = Markdown.Parse(text, s_pipeline);
        using var writer = new StringWriter();
        var renderer = new HtmlRenderer(writer);
        s_pipeline.Setup(renderer);
        renderer.ObjectRenderers.RemoveAll(
            one => one is CodeBlockRenderer or LineBreakInlineRenderer);
        renderer.ObjectRenderers.Insert(0, new CodeRenderer());
        renderer.ObjectRenderers.Insert(0, new SoftBreakRenderer());
        renderer.Render(document);
        return Frame(TitleOf(document) ?? path, path, other, $"<main>{writer}</main>");
    }

    /// <summary>A file of code.</summary>
    public static string OfSource(string text, string path)
    {
        string language = path.EndsWith(".cs", StringComparison.Ordinal) ? "csharp" : "";
        return Frame(
            path, path, other: null,
            $"<main class=\"wide\"><h1 class=\"file\">{Encode(path)}</h1>"
                + $"<pre><code>{CodeColours.Of(text, language)}</code></pre></main>");
    }

    /// <summary>The files of a folder.</summary>
    public static string OfFolder(string path, IEnumerable<DocsFile> files)
    {
        var list = new StringBuilder();
        foreach (DocsFile file in files)
        {
            string end = file.Kind == DocsKind.Folder ? "/" : "";
            string name = Path.GetFileName(file.Path) + end;
            list.Append($"<li><a href=\"/{Encode(file.Path)}{end}\">{Encode(name)}</a></li>");
        }

        return Frame(
            path, path, other: null,
            $"<main><h1 class=\"file\">{Encode(path)}/</h1><ul>{list}</ul></main>");
    }

    /// <summary>The page for an address without a file.</summary>
    public static string OfNothing(Language language) => Frame(
        Texts.NoPage.In(language), LanguageOf(language), other: null,
        $"<main><h1>404</h1><p>{Encode(Texts.NoPage.In(language))}</p></main>");

    /// <summary>The folder of the pages of a language.</summary>
    private static string LanguageOf(Language language) => $"docs/lessons/{language.Folder()}/";

    private static bool IsChinese(string path) => path.Contains("zh-CN", StringComparison.Ordinal);

    private static string Frame(string title, string path, string? other, string body)
    {
        Language language = IsChinese(path) ? Language.Chinese : Language.English;
        string lang = language == Language.Chinese ? "zh-Hans" : "en";
        string index = LanguageOf(language);
        string change = other is null ? "" : language == Language.Chinese
            ? $"<a class=\"lang\" lang=\"en\" hreflang=\"en\" href=\"/{Encode(other)}\">English</a>"
            : $"<a class=\"lang\" lang=\"zh-Hans\" hreflang=\"zh-Hans\" href=\"/{Encode(other)}\">"
                + "中文</a>";
        return $"<!doctype html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n"
            + "<meta name=\"viewport\" content=\"width=device-width\">\n"
            + "<meta name=\"color-scheme\" content=\"light dark\">\n"
            + $"<title>{Encode(title)}</title>\n"
            + "<link rel=\"stylesheet\" href=\"/assets/style.css\">\n"
            + "<link rel=\"icon\" href=\"/assets/icon.svg\">\n</head>\n<body>\n"
            + $"<nav><a href=\"/{index}README.md\">{Encode(Texts.Index.In(language))}</a>"
            + $"<a href=\"/docs/lessons/glossary.md\">{Encode(Texts.Glossary.In(language))}</a>"
            + $"{change}</nav>\n{body}\n</body>\n</html>\n";
    }

    private static string? TitleOf(MarkdownDocument document) =>
        document.Descendants<HeadingBlock>().FirstOrDefault()?.Inline is { } inline
            ? string.Concat(inline.Descendants<Inline>().Select(one => one switch
            {
                LiteralInline literal => literal.Content.ToString(),
                CodeInline code => code.Content,
                _ => "",
            }))
            : null;

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}

using System.Net;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Reactor.Learn;

/// <summary>
/// Code as HTML, in which keywords, texts, numbers and comments of C#, and the lines of a
/// difference, have a class. Pure; any thread.
/// </summary>
internal static class CodeColours
{
    private static readonly CSharpParseOptions s_options = CSharpParseOptions.Default
        .WithFeatures([new("FileBasedProgram", "true")]);

    public static string Of(string code, string language) => language switch
    {
        "csharp" => CSharp(code),
        "diff" => Difference(code),
        _ => WebUtility.HtmlEncode(code),
    };

    private static string CSharp(string code)
    {
        var html = new StringBuilder();
        foreach (SyntaxToken token in SyntaxFactory.ParseTokens(code, options: s_options))
        {
            AppendTrivia(html, token.LeadingTrivia);
            Append(html, token.Text, ClassOf(token));
            AppendTrivia(html, token.TrailingTrivia);
        }

        return html.ToString();
    }

    private static string? ClassOf(SyntaxToken token) =>
        SyntaxFacts.IsKeywordKind(token.Kind())
            || SyntaxFacts.GetContextualKeywordKind(token.Text) != SyntaxKind.None ? "k"
        : token.Kind() is SyntaxKind.NumericLiteralToken ? "n"
        : token.Kind() is SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken
            or SyntaxKind.Utf8StringLiteralToken or SyntaxKind.InterpolatedStringToken
            or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.InterpolatedStringStartToken
            or SyntaxKind.InterpolatedStringEndToken or SyntaxKind.MultiLineRawStringLiteralToken
            or SyntaxKind.SingleLineRawStringLiteralToken
            or SyntaxKind.Utf8MultiLineRawStringLiteralToken
            or SyntaxKind.Utf8SingleLineRawStringLiteralToken ? "s"
        : null;

    private static void AppendTrivia(StringBuilder html, SyntaxTriviaList trivia)
    {
        foreach (SyntaxTrivia one in trivia)
        {
            bool isBlank = one.IsKind(SyntaxKind.WhitespaceTrivia)
                || one.IsKind(SyntaxKind.EndOfLineTrivia);
            Append(html, one.ToFullString(), isBlank ? null : "c");
        }
    }

    private static string Difference(string code)
    {
        var html = new StringBuilder();
        foreach (string line in code.TrimEnd('\n').Split('\n'))
        {
            string? look = line.StartsWith('+') ? "add"
                : line.StartsWith('-') ? "del" : line.StartsWith('@') ? "c" : null;
            Append(html, line, look);
            html.Append('\n');
        }

        return html.ToString();
    }

    private static void Append(StringBuilder html, string text, string? look)
    {
        string encoded = WebUtility.HtmlEncode(text);
        html.Append(look is null || text.Length == 0
            ? encoded : $"<span class=\"{look}\">{encoded}</span>");
    }
}

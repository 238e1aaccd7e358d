// Rule: before the body of a file's first type stands a comment, or the type's summary, with at
// least one sentence of 40 characters: the contract of the file. An enum or a delegate may stand
// before the type that the file is about. A file without a type and with fewer than five lines has
// nothing to promise and is let through.

using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Repository.Tests;

public static partial class HeadChecker
{
    public const int SentenceCharsMin = 40;

    public static IEnumerable<Finding> Check(SourceFile file)
    {
        MemberDeclarationSyntax[] types = file.Root.DescendantNodes()
            .OfType<MemberDeclarationSyntax>()
            .Where(node => node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax)
            .ToArray();
        MemberDeclarationSyntax? type = types.FirstOrDefault(node => node is TypeDeclarationSyntax)
            ?? types.FirstOrDefault();
        if (type is null && file.Text.TrimEnd().Split('\n').Length < 5)
        {
            yield break;
        }
        int end = type switch
        {
            BaseTypeDeclarationSyntax t when !t.OpenBraceToken.IsKind(SyntaxKind.None) =>
                t.OpenBraceToken.SpanStart,
            null => file.Root.Members.FirstOrDefault()?.SpanStart ?? file.Text.Length,
            _ => type.Span.End,
        };
        string head = string.Join(' ', file.Root.DescendantTrivia()
            .Where(trivia => trivia.SpanStart < end)
            .Select(trivia => trivia.Kind() switch
            {
                SyntaxKind.SingleLineCommentTrivia => trivia.ToString()[2..],
                SyntaxKind.MultiLineCommentTrivia => trivia.ToString()[2..^2],
                SyntaxKind.SingleLineDocumentationCommentTrivia => Plain(trivia.ToFullString()),
                _ => "",
            }));
        string text = Spaces().Replace(head, " ");
        if (!SentenceEnd().Split(text).Any(part => part.Trim().Length >= SentenceCharsMin))
        {
            yield return new(file.Path, 1, "the head states no contract: say in a sentence what "
                + "the file is for, what must stay true, and on which thread");
        }
    }

    private static string Plain(string documentation)
    {
        string text = documentation.Replace("///", " ", StringComparison.Ordinal);
        return Tags().Replace(References().Replace(text, "$1"), " ");
    }

    // What a reader sees of a reference is its name.
    [GeneratedRegex(@"<\w+ \w+=""([^""]*)""\s*/>")]
    private static partial Regex References();

    [GeneratedRegex(@"</?\w[^>]*>")]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"(?<=[.!?:])\s")]
    private static partial Regex SentenceEnd();
}

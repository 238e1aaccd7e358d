// Rule: comments, messages and pages name their subject and use the field's terms (docs/style.md).
// The worst patterns can be found by a machine; each finding says what to write instead.

using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Repository.Tests;

public static partial class PlainWords
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.Compiled;

    private static readonly (Regex Pattern, string Instead)[] s_rules =
    [
        (new(@"\b(nobody|somebody|anybody|everybody|whoever|whomever)\b", Options),
            "name the subject: the caller, a waiter, the peer, no connection"),
        // A person may be a `who`: that is how a reader knows that it is none of our objects.
        (new(@"(?<!\b(user|reader|author|operator|developer|attacker|people|person|human)s?,? )"
            + @"\bwho\b(?![ -]may[ -]reference\b)", Options),
            "an object is no 'who': name it, and say what it does"),
        (new(@"\bagain is harmless\b", Options), "Idempotent."),
        (new(@"\bnone (does|is|has|do|are)\.", Options), "say what there is none of"),
        (new(@"\bthere is nothing to be done\b", Options), "say what stays as it is"),
        (new(@"\bcannot be had\b", Options), "could not be bound, opened or read"),
        (new(@"\bhow-?manieth\b", Options), "the generation, the index"),
        (new(@"\blonger than nothing\b", Options), "must be greater than zero"),
        (new(@"\bhardly an?\b", Options), "say the limit"),
        (new(@"\bbooks of its own\b", Options), "is counted separately"),
    ];

    /// <summary>Comments and string literals of a C# file.</summary>
    public static IEnumerable<Finding> CheckCode(SourceFile file)
    {
        foreach (SyntaxTrivia trivia in file.Root.DescendantTrivia())
        {
            if (WordChecker.IsComment(trivia))
            {
                foreach (Finding finding in
                    CheckLines(file.Path, file.LineOf(trivia), trivia.ToFullString()))
                {
                    yield return finding;
                }
            }
        }
        foreach (SyntaxToken token in file.Root.DescendantTokens())
        {
            if (token.Kind() is SyntaxKind.StringLiteralToken
                or SyntaxKind.InterpolatedStringTextToken
                or SyntaxKind.MultiLineRawStringLiteralToken)
            {
                foreach (Finding finding in CheckLines(file.Path, file.LineOf(token), token.Text))
                {
                    yield return finding;
                }
            }
        }
    }

    /// <summary>A page; a table that shows what not to write shows it in quotation marks.</summary>
    public static IEnumerable<Finding> CheckPage(SourceFile file) =>
        CheckLines(file.Path, 1, Quoted().Replace(file.Text, ""));

    private static IEnumerable<Finding> CheckLines(string path, int line, string text)
    {
        string[] lines = text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            foreach ((Regex pattern, string instead) in s_rules)
            {
                foreach (Match match in pattern.Matches(lines[i]))
                {
                    yield return new Finding(path, line + i, $"'{match.Value}': {instead}");
                }
            }
        }
    }

    [GeneratedRegex("\"[^\"\n]*\"|“[^”\n]*”|`[^`\n]*`")]
    private static partial Regex Quoted();
}

// Rules on words. Some words promise work that nobody will do (an unnumbered "to do"), some hide a
// class that should be two (a region), some tie the repository to one machine. Words of promise are
// looked for in comments only, names of code in code only: a string may say what it likes. Each
// finding names what to write instead.

using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Repository.Tests;

public static partial class WordChecker
{
    public static IEnumerable<Finding> CheckText(SourceFile file)
    {
        string[] lines = file.Text.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            Match match = MachinePath().Match(lines[i]);
            if (match.Success)
            {
                yield return new(file.Path, i + 1, $"'{match.Value}' is a path of one machine: "
                    + "name it from the root of the repository, or take it as a parameter");
            }
        }
    }

    public static IEnumerable<Finding> CheckCode(SourceFile file)
    {
        foreach (SyntaxTrivia trivia in file.Root.DescendantTrivia(descendIntoTrivia: true))
        {
            if (trivia.IsKind(SyntaxKind.RegionDirectiveTrivia))
            {
                yield return new(file.Path, file.LineOf(trivia),
                    "a region: if the class needs walls, make two classes");
            }
            else if (IsComment(trivia) && Promise().Match(trivia.ToString()) is { Success: true } m)
            {
                yield return new(file.Path, file.LineOf(trivia),
                    $"'{m.Value}' without an issue: write {m.Value}(#123), or do it now");
            }
            else if (trivia.IsKind(SyntaxKind.SingleLineCommentTrivia)
                && LooksLikeCode(trivia.ToString().TrimStart('/').Trim()))
            {
                yield return new(file.Path, file.LineOf(trivia),
                    "code in a comment: delete it, git remembers");
            }
        }
        if (file.IsUnder("src"))
        {
            foreach (Finding finding in CheckNames(file))
            {
                yield return finding;
            }
        }
    }

    /// <summary>True for a line that somebody wrote for the compiler, not for a reader.</summary>
    public static bool LooksLikeCode(string line)
    {
        if (line.EndsWith('{'))
        {
            return BlockStart().IsMatch(line);
        }
        if (!line.EndsWith(';') || !CodeSign().IsMatch(line))
        {
            return false;
        }
        StatementSyntax statement = SyntaxFactory.ParseStatement(line, 0, SourceFile.ParseOptions);
        return !statement.ContainsDiagnostics && statement.FullSpan.Length == line.Length;
    }

    public static bool IsComment(SyntaxTrivia trivia) => trivia.Kind() is
        SyntaxKind.SingleLineCommentTrivia or SyntaxKind.MultiLineCommentTrivia or
        SyntaxKind.SingleLineDocumentationCommentTrivia or
        SyntaxKind.MultiLineDocumentationCommentTrivia;

    private static IEnumerable<Finding> CheckNames(SourceFile file)
    {
        foreach (MemberAccessExpressionSyntax member in file.Root.DescendantNodes()
            .OfType<MemberAccessExpressionSyntax>())
        {
            string owner = member.Expression switch
            {
                IdentifierNameSyntax name => name.Identifier.Text,
                MemberAccessExpressionSyntax qualified => qualified.Name.Identifier.Text,
                _ => "",
            };
            string? instead = (owner, member.Name.Identifier.Text) switch
            {
                ("Console", _) => "a library does not own the console: log through ILogger",
                ("SocketOptionName", "ReuseAddress") =>
                    "on Linux this makes a port that two processes share: see docs/decisions",
                _ => null,
            };
            if (instead is not null && !IsExcused(file, member))
            {
                yield return new(file.Path, file.LineOf(member), $"'{member}': {instead}");
            }
        }
    }

    // The analyzer of banned symbols may be told to look away, for a reason that stands behind the
    // directive; this rule then looks away as well. Without a reason it does not.
    private static bool IsExcused(SourceFile file, SyntaxNode node)
    {
        PragmaWarningDirectiveTriviaSyntax? last = file.Root
            .DescendantNodes(descendIntoTrivia: true)
            .OfType<PragmaWarningDirectiveTriviaSyntax>()
            .LastOrDefault(pragma => pragma.SpanStart < node.SpanStart
                && pragma.ErrorCodes.Any(code => code.ToString() == "RS0030"));
        return last is not null && last.DisableOrRestoreKeyword.IsKind(SyntaxKind.DisableKeyword)
            && last.ToFullString().Contains("//", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b(?!\(#\d+\))")]
    private static partial Regex Promise();

    // A quotation mark or a space may stand before a path; a route such as `/a/home/` is none. The
    // slashes are in brackets so that this line does not find itself.
    [GeneratedRegex(@"(?<![\w.}/-])[/](work|root)[/]|(?<![\w.}/-])[/]home[/]\w|\.\.[/]shared\b")]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"^(\} ?)?(if|else|for|foreach|while|do|switch|try|catch|finally|using|lock"
        + @"|fixed|namespace|class|struct|public|private|internal|protected|static)\b.*\{$"
        + @"|\)\s*\{$|^\{$")]
    private static partial Regex BlockStart();

    [GeneratedRegex(@"[=(\[]|\w\.\w|\+\+|--|^(return|break|continue|throw|using|yield|goto)\b")]
    private static partial Regex CodeSign();
}

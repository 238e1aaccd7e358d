// Rule: a file of src and tools has at most 350 lines, a file of the tests 450, a method 70, a line
// 100 columns. A method is counted from its signature to its closing brace, without attributes and
// comments before it, with all that is nested in it. The statements of a top-level program count as
// one method.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Repository.Tests;

public static class SizeChecker
{
    /// <summary>For a file of the libraries and the programs.</summary>
    public const int SourceLinesMax = 350;

    /// <summary>For a file of tests: cases that belong together are read one by one.</summary>
    public const int TestLinesMax = 450;

    public const int MethodLinesMax = 70;
    public const int ColumnsMax = 100;

    public static IEnumerable<Finding> Check(SourceFile file, IReadOnlySet<string> longFiles) =>
        [.. CheckFile(file, longFiles), .. CheckColumns(file), .. CheckMethods(file)];

    private static IEnumerable<Finding> CheckFile(SourceFile file, IReadOnlySet<string> longFiles)
    {
        int lines = Lines(file).Length;
        int linesMax = file.IsUnder("src", "tools") ? SourceLinesMax : TestLinesMax;
        if (lines > linesMax && !longFiles.Contains(file.Path))
        {
            yield return new(file.Path, linesMax + 1,
                $"{lines} lines, {linesMax} are allowed: make two files, each with one task");
        }
        if (lines <= linesMax && longFiles.Contains(file.Path))
        {
            yield return new(file.Path, 1, "no longer needs its place in the list of long files");
        }
    }

    private static IEnumerable<Finding> CheckColumns(SourceFile file)
    {
        string[] lines = Lines(file);
        for (int i = 0; i < lines.Length; i++)
        {
            int columns = lines[i].EnumerateRunes().Count();
            if (columns > ColumnsMax)
            {
                yield return new(file.Path, i + 1, $"{columns} columns, {ColumnsMax} are allowed");
            }
        }
    }

    private static IEnumerable<Finding> CheckMethods(SourceFile file)
    {
        foreach (SyntaxNode node in file.Root.DescendantNodes())
        {
            (SyntaxToken first, string name)? method = node switch
            {
                MethodDeclarationSyntax m => (FirstToken(m), m.Identifier.Text),
                ConstructorDeclarationSyntax c => (FirstToken(c), c.Identifier.Text),
                BaseMethodDeclarationSyntax b => (FirstToken(b), "operator or finalizer"),
                AccessorDeclarationSyntax a => (a.Keyword, "accessor " + a.Keyword.Text),
                LocalFunctionStatementSyntax f => (f.ReturnType.GetFirstToken(), f.Identifier.Text),
                _ => null,
            };
            if (method is { } found)
            {
                int start = file.LineOf(found.first);
                int lines = file.LineOf(node.GetLastToken()) - start + 1;
                if (lines > MethodLinesMax)
                {
                    yield return TooLong(file, start, found.name, lines);
                }
            }
        }
        GlobalStatementSyntax[] program = file.Root.Members.OfType<GlobalStatementSyntax>()
            .Where(statement => statement.Statement is not LocalFunctionStatementSyntax).ToArray();
        if (program.Length > 0)
        {
            int start = file.LineOf(program[0]);
            int lines = file.LineOf(program[^1].GetLastToken()) - start + 1;
            if (lines > MethodLinesMax)
            {
                yield return TooLong(file, start, "the top-level program", lines);
            }
        }
    }

    private static Finding TooLong(SourceFile file, int line, string name, int lines) => new(
        file.Path, line, $"{name} has {lines} lines, {MethodLinesMax} are allowed: name its parts");

    private static SyntaxToken FirstToken(BaseMethodDeclarationSyntax method) =>
        method.AttributeLists.Count == 0
            ? method.GetFirstToken()
            : method.AttributeLists[^1].GetLastToken().GetNextToken();

    private static string[] Lines(SourceFile file) => file.Text.TrimEnd('\n').Split('\n');
}

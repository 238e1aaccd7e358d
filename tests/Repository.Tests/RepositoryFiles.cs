// What the house rules look at: the files of the repository, read once. The root is the folder that
// holds the solution. Folders that are built, or belong to git or an editor, are not walked, so
// that a rule never speaks about a generated file. Immutable after the first use; any thread.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Repository.Tests;

/// <summary>A text file by its path from the root, with '/' between folders.</summary>
public sealed record SourceFile(string Path, string Text)
{
    // DEBUG is defined, so that an assertion's helper under `#if DEBUG` obeys the rules too.
    public static readonly CSharpParseOptions ParseOptions = CSharpParseOptions.Default
        .WithLanguageVersion(LanguageVersion.CSharp14)
        .WithDocumentationMode(DocumentationMode.Parse)
        .WithPreprocessorSymbols("DEBUG", "NET", "NET10_0", "NET10_0_OR_GREATER")
        .WithFeatures([new("FileBasedProgram", "true")]);

    private SyntaxTree? _tree;

    public SyntaxTree Tree => _tree ??= CSharpSyntaxTree.ParseText(Text, ParseOptions, Path);

    public CompilationUnitSyntax Root => Tree.GetCompilationUnitRoot();

    public int LineOf(SyntaxNodeOrToken node) => LineOf(node.Span.Start);

    public int LineOf(SyntaxTrivia trivia) => LineOf(trivia.Span.Start);

    public bool IsUnder(params ReadOnlySpan<string> folders)
    {
        foreach (string folder in folders)
        {
            if (Path.StartsWith(folder + "/", StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }

    private int LineOf(int position) =>
        Tree.GetText().Lines.GetLineFromPosition(position).LineNumber + 1;
}

/// <summary>One broken rule, with the place and what to do about it.</summary>
public sealed record Finding(string Path, int Line, string Message)
{
    public override string ToString() => $"{Path}:{Line}: {Message}";
}

public static class RepositoryFiles
{
    private static readonly string[] s_notOurs =
        ["artifacts", "bin", "obj", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts"];

    private static readonly string[] s_textEndings =
        [".cs", ".fs", ".vb", ".md", ".props", ".targets", ".csproj", ".fsproj", ".vbproj", ".json",
         ".txt", ".yml", ".sh", ".conf"];

    public static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    /// <summary>Every text file that somebody wrote, in the order of its path.</summary>
    public static IReadOnlyList<SourceFile> All { get; } = Walk(Root)
        .Where(path => s_textEndings.Contains(Path.GetExtension(path)) || IsScript(path))
        .Select(path => new SourceFile(FromRoot(path), File.ReadAllText(path)))
        .OrderBy(file => file.Path, StringComparer.Ordinal)
        .ToArray();

    public static IReadOnlyList<SourceFile> CSharp { get; } =
        All.Where(file => file.Path.EndsWith(".cs", StringComparison.Ordinal)).ToArray();

    /// <summary>The file-based apps, without the projects beside them.</summary>
    public static IReadOnlyList<SourceFile> Samples { get; } =
        CSharp.Where(file => Path.GetDirectoryName(file.Path) == "samples").ToArray();

    public static string FullPath(string fromRoot) => Path.Combine(Root, fromRoot);

    public static string FindRoot(string start)
    {
        for (DirectoryInfo? at = new(start); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Reactor.sln")))
            {
                return at.FullName;
            }
        }
        throw new InvalidOperationException($"No Reactor.sln in {start} or above it.");
    }

    /// <summary>All files below <paramref name="folder"/>, built ones left out.</summary>
    public static IEnumerable<string> Walk(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
        {
            yield return file;
        }
        foreach (string child in Directory.EnumerateDirectories(folder))
        {
            string name = Path.GetFileName(child);
            bool hidden = name.StartsWith('.') && name is not (".ci" or ".github");
            if (hidden || s_notOurs.Contains(name))
            {
                continue;
            }
            foreach (string file in Walk(child))
            {
                yield return file;
            }
        }
    }

    private static string FromRoot(string path) =>
        Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static bool IsScript(string path) =>
        Path.GetFileName(Path.GetDirectoryName(path)) == ".ci";
}

/// <summary>A rule fails with every finding at once: one at a time is a slow lesson.</summary>
public static class Rules
{
    public static void AssertNone(IEnumerable<Finding> findings, string rule)
    {
        string[] lines = findings.Select(finding => finding.ToString()).ToArray();
        if (lines.Length > 0)
        {
            Assert.Fail(rule + "\n" + string.Join("\n", lines));
        }
    }
}

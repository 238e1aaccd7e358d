// The plan names what there is: a reader who looks for a type of docs/architecture.md finds it.

using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Repository.Tests;

[TestFixture]
public sealed partial class ArchitecturePageTests
{
    private const string Page = "docs/architecture.md";

    private static readonly string[] s_framework =
        ["AsyncLocal", "ConfigureAwait", "ExecutionContext", "IDuplexPipe", "IPAddress", "Task",
            "ValueTask"];

    private static readonly HashSet<string> s_files =
        [.. RepositoryFiles.All.Select(file => Path.GetFileName(file.Path))];

    [Test]
    public void Every_type_that_the_architecture_names_exists()
    {
        string page = RepositoryFiles.All.Single(file => file.Path == Page).Text;
        Assert.That(Unknown(page, Declared(RepositoryFiles.CSharp)), Is.Empty);
    }

    [TestCase("`Here` and `Here<T>.There`, `Task`, `dotnet run`, `Here.cs`", "")]
    [TestCase("`Gone`", "Gone")]
    [TestCase("`Here.Gone`", "Gone")]
    [TestCase("```\nNoSpan/\n```\nthen `Gone<T>`", "Gone")]
    public void A_type_that_does_not_exist_is_found(string page, string unknown) => Assert.That(
        string.Join(' ', Unknown(page, Declared(
            [new("src/Here.cs", "class Here<T> { int There => 1; }")]))),
        Is.EqualTo(unknown));

    private static IEnumerable<string> Unknown(string page, HashSet<string> known) =>
        from span in Span().Matches(Fence().Replace(page, ""))
        where !s_files.Contains(span.Groups["name"].Value)
        from name in Word().Matches(span.Groups["name"].Value)
        where !known.Contains(name.Value)
        select name.Value;

    private static HashSet<string> Declared(IEnumerable<SourceFile> files)
    {
        HashSet<string> names = [.. s_framework, "T", "cs"];
        foreach (SourceFile file in files)
        {
            names.Add(Path.GetFileNameWithoutExtension(file.Path));
            foreach (SyntaxNode node in file.Root.DescendantNodes())
            {
                if (NameOf(node) is { } name)
                {
                    names.Add(name);
                }
            }
        }

        // Namespaces that are rooms.
        names.UnionWith(RepositoryFiles.CSharp.SelectMany(file => file.Path.Split('/')[..^1]));
        return names;
    }

    private static string? NameOf(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text,
        MethodDeclarationSyntax member => member.Identifier.Text,
        PropertyDeclarationSyntax member => member.Identifier.Text,
        _ => null,
    };

    // A name with what belongs to it; commands, paths and calls with arguments are something else.
    [GeneratedRegex(@"`(?<name>[A-Z]\w*(<\w+>)?(\.\w+)*)`")]
    private static partial Regex Span();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}

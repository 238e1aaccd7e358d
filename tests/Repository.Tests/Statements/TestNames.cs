// Which tests there are, read from the sources: a page must not name a test that nobody runs.

using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Repository.Tests.Statements;

public static class TestNames
{
    /// <summary>The test methods in the files under some folders.</summary>
    public static IReadOnlyList<TestName> Under(params string[] folders) =>
    [
        .. from file in RepositoryFiles.CSharp
           where file.IsUnder(folders)
           from method in file.Root.DescendantNodes().OfType<MethodDeclarationSyntax>()
           where IsTest(method)
           select new TestName(file.Path, file.LineOf(method), method.Identifier.Text),
    ];

    private static bool IsTest(MethodDeclarationSyntax method) => method.AttributeLists
        .SelectMany(list => list.Attributes)
        .Any(attribute => attribute.Name.ToString().StartsWith("Test", StringComparison.Ordinal));
}

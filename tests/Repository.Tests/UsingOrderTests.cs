// The order of usings: the one rule of the style that neither the build nor `dotnet format
// whitespace` checks. `dotnet format` sorts them: System first, static ones and aliases last.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Repository.Tests;

[TestFixture]
public sealed class UsingOrderTests
{
    [Test]
    public void Usings_are_in_the_order_of_dotnet_format() => Rules.AssertNone(
        RepositoryFiles.CSharp.SelectMany(Check), "Order of usings (dotnet format)");

    [TestCase("using System; using System.Text; using A; using A.B;", 0)]
    [TestCase("using Microsoft.A; using System;", 1)]
    [TestCase("using System.Text; using System;", 1)]
    [TestCase("using A.C; using a.b;", 1)]
    [TestCase("using A.Bc; using AA.B;", 0)]
    [TestCase("using A; using static System.Math; using static A.B; using B = A;", 0)]
    [TestCase("using static System.Math; using A;", 1)]
    [TestCase("using B = A; using static System.Math;", 1)]
    [TestCase("global using B; global using A; ", 1)]
    [TestCase("global using B; using A; ", 0)]
    public void Usings_out_of_order_are_found(string usings, int findings) => Assert.That(
        Check(new SourceFile("src/A.cs", usings)).Count(), Is.EqualTo(findings));

    private static IEnumerable<Finding> Check(SourceFile file) =>
        from pair in file.Root.Usings.Zip(file.Root.Usings.Skip(1))
        where Compare(pair.First, pair.Second) > 0
        select new Finding(
            file.Path, file.LineOf(pair.Second), $"'{pair.Second}' belongs above '{pair.First}'");

    private static int Compare(UsingDirectiveSyntax first, UsingDirectiveSyntax second)
    {
        int order = Kind(first) - Kind(second);
        if (order == 0)
        {
            (string[] one, string[] other) = (Parts(first), Parts(second));
            order = (other[0] == "System").CompareTo(one[0] == "System");
            for (int i = 0; order == 0 && i < Math.Min(one.Length, other.Length); i++)
            {
                order = StringComparer.OrdinalIgnoreCase.Compare(one[i], other[i]);
            }

            order = order == 0 ? one.Length - other.Length : order;
        }

        return order;
    }

    private static int Kind(UsingDirectiveSyntax one) =>
        (one.GlobalKeyword.IsKind(SyntaxKind.GlobalKeyword) ? 0 : 3)
        + (one.Alias is not null ? 2 : one.StaticKeyword.IsKind(SyntaxKind.StaticKeyword) ? 1 : 0);

    private static string[] Parts(UsingDirectiveSyntax one) =>
        (one.Alias?.Name ?? one.NamespaceOrType).ToString().Split('.');
}

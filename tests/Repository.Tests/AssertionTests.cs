// An assertion is compiled away in Release. What it asks must therefore change nothing: a server
// whose control flow stood in an assertion looped for ever where they were stripped
// (CVE-2025-69227).

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Repository.Tests;

[TestFixture]
public sealed class AssertionTests
{
    [Test]
    public void An_assertion_changes_nothing() => Rules.AssertNone(
        RepositoryFiles.CSharp.Where(file => file.IsUnder("src")).SelectMany(Check),
        "Assertions (docs/style.md, House rules)");

    [TestCase("x == 1", false)]
    [TestCase("x is { Length: var n } && n > 0", false)]
    [TestCase("x == F(ref y)", true)]
    [TestCase("TryTake(out var y)", true)]
    [TestCase("(x = 1) == 1", true)]
    [TestCase("x++ < 5", true)]
    [TestCase("--x > 5", true)]
    [TestCase("(x |= 4) != 0", true)]
    public void One_that_changes_something_is_found(string condition, bool isFound) => Assert.That(
        Check(new("src/A.cs", $"class A {{ void M() {{ Debug.Assert({condition}); }} }}")).Any(),
        Is.EqualTo(isFound));

    private static IEnumerable<Finding> Check(SourceFile file) =>
        from call in file.Root.DescendantNodes().OfType<InvocationExpressionSyntax>()
        where call.Expression.ToString() is "Debug.Assert" or "System.Diagnostics.Debug.Assert"
        from node in call.ArgumentList.DescendantNodes()
        where IsChange(node)
        select new Finding(
            file.Path, file.LineOf(call), $"'{node}' is not done in Release: take it out");

    private static bool IsChange(SyntaxNode node) => node switch
    {
        AssignmentExpressionSyntax => true,
        ArgumentSyntax argument => argument.RefKindKeyword.Kind()
            is SyntaxKind.OutKeyword or SyntaxKind.RefKeyword,
        PostfixUnaryExpressionSyntax unary => unary.Kind()
            is SyntaxKind.PostIncrementExpression or SyntaxKind.PostDecrementExpression,
        PrefixUnaryExpressionSyntax unary => unary.Kind()
            is SyntaxKind.PreIncrementExpression or SyntaxKind.PreDecrementExpression,
        _ => false,
    };
}

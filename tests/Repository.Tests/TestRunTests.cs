// What a user sees of a test run: progress, why tests were skipped, and a filter that is quick.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Reactor.Progress;

namespace Repository.Tests;

[TestFixture]
public sealed class TestRunTests
{
    private static readonly string[] s_categories = ["External", "Measured", "Samples", "Slow"];

    private static IEnumerable<SourceFile> Files =>
        RepositoryFiles.CSharp.Where(file => file.IsUnder("tests", "samples"));

    [Test]
    public void A_test_that_cannot_run_says_why() => Rules.AssertNone(
        Files.SelectMany(CheckSkips),
        "Skipped tests (CONTRIBUTING.md, Tests)");

    [Test]
    public void A_category_is_one_that_the_filters_name() => Rules.AssertNone(
        Files.SelectMany(CheckCategories),
        "Categories (CONTRIBUTING.md, Tests)");

    [TestCase("Assume.That(CanWatch);", 1)]
    [TestCase("Assert.Ignore();", 1)]
    [TestCase("Assert.Ignore(\"no IPv6\");", 0)]
    [TestCase("Skip.Unless(CanWatch, \"no IPv6\");", 0)]
    public void A_skip_without_a_reason_is_found(string statement, int findings) => Assert.That(
        CheckSkips(new("tests/A.cs", $"class A {{ void M() {{ {statement} }} }}")).Count(),
        Is.EqualTo(findings));

    [TestCase("Slow", 0)]
    [TestCase("Lengthy", 1)]
    public void A_category_of_its_own_is_found(string name, int findings) => Assert.That(
        CheckCategories(new("tests/A.cs", $"[Category(\"{name}\")] class A {{ }}")).Count(),
        Is.EqualTo(findings));

    [Test]
    public void The_end_of_a_run_lists_reasons_and_slow_tests()
    {
        var count = new TestCount { Project = "P" };
        count.Add("P.A.Skipped", TimeSpan.Zero, failed: false, isSlow: false);
        count.AddSkipped("no IPv6");
        count.AddSkipped("no IPv6");
        count.AddSkipped(null);
        count.Add("P.A.Slow", TimeSpan.FromSeconds(90), failed: false, isSlow: true);
        count.Add("P.A.Long", TimeSpan.FromSeconds(90), failed: true, isSlow: false);

        Assert.That(
            count.Line(), Does.EndWith(" P: 3 tests, 1 failed; last P.A.Long"));
        Assert.That(count.Notes(), Is.EqualTo(new[]
        {
            "  P: 2 skipped: no IPv6",
            "  P: 1 skipped: no reason given",
            "  P: longer than 10 s, not in category Slow: 90 s: P.A.Long",
        }));
    }

    private static IEnumerable<Finding> CheckSkips(SourceFile file) =>
        from call in file.Root.DescendantNodes().OfType<InvocationExpressionSyntax>()
        where call.Expression.ToString() is "Assume.That"
            || (call.Expression.ToString() is "Assert.Ignore"
                && call.ArgumentList.Arguments.Count == 0)
        select new Finding(
            file.Path, file.LineOf(call),
            "a test that is skipped says why: Skip.Unless(condition, \"reason\")");

    private static IEnumerable<Finding> CheckCategories(SourceFile file) =>
        from attribute in file.Root.DescendantNodes().OfType<AttributeSyntax>()
        where attribute.Name.ToString() == "Category"
        let name = attribute.ArgumentList!.Arguments[0].ToString().Trim('"')
        where !s_categories.Contains(name)
        select new Finding(
            file.Path, file.LineOf(attribute),
            $"'{name}' is no category of ours: {string.Join(", ", s_categories)}");
}

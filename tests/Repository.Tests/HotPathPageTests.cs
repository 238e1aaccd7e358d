// docs/hot-path.md and docs/loop-costs.md tell of each trick why it is there, where it lies, and
// which benchmark shows it. A page of that kind rots by a renaming, so its rows are compared with
// the sources: a row has a file of src and something that measures it, and each benchmark that is
// named can be run.

using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Repository.Tests.Statements;

namespace Repository.Tests;

[TestFixture]
public sealed partial class HotPathPageTests
{
    private const string PagePath = "docs/hot-path.md";

    private const string LoopPagePath = "docs/loop-costs.md";

    private static readonly string[] s_stages =
        ["Waiting", "Receiving", "Parsing", "Routing", "Handling", "Answering", "Sending"];

    private static readonly string[] s_loopStages = ["A turn", "A coroutine", "A task"];

    [Test]
    public void Each_trick_has_its_file_and_its_benchmark()
    {
        string page = RepositoryFiles.All.Single(file => file.Path == PagePath).Text;
        string loopPage = RepositoryFiles.All.Single(file => file.Path == LoopPagePath).Text;
        HashSet<string> benchmarks = Benchmarks();
        Rules.AssertNone(
            Check(page, benchmarks).Concat(
                Check(loopPage, benchmarks, LoopPagePath, s_loopStages)),
            "Each trick has a benchmark beside it");
    }

    [TestCase("| a | [f](../src/A.cs) | `PlantedBenchmarks.One` | 5 ns | 6 ns |", null)]
    [TestCase("| a | [f](../src/A.cs) | [b](../bench/README.md) | 5 ns | 6 ns |", null)]
    [TestCase("| a | f | `PlantedBenchmarks.One` | 5 ns | 6 ns |", "no file of src")]
    [TestCase("| a | [f](../src/A.cs) | measured | 5 ns | 6 ns |", "no benchmark")]
    [TestCase(
        "| a | [f](../src/A.cs) | `PlantedBenchmarks.Gone` | 5 ns | 6 ns |",
        "there is no benchmark PlantedBenchmarks.Gone")]
    [TestCase("| a | [f](../src/A.cs) | `PlantedBenchmarks.One` | 5 ns |", "five cells")]
    public void A_row_is_compared_with_the_sources(string row, string? complaint)
    {
        IEnumerable<string> stages = s_stages.Select(
            stage => $"## {stage}\n\n| a | b | c | d | e |\n|---|---|---|---|---|\n{row}\n");
        IEnumerable<string> found = Check(string.Join('\n', stages), ["PlantedBenchmarks.One"])
            .Select(finding => finding.Message).Distinct();
        Assert.That(found, complaint is null ? Is.Empty : Has.Exactly(1).Contains(complaint));
    }

    [Test]
    public void A_stage_without_a_trick_is_found() => Assert.That(
        Check("## Waiting\n", []).Select(finding => finding.Message),
        Has.Exactly(s_stages.Length).Contains("has no trick"));

    [Test]
    public void A_benchmark_that_is_named_in_the_text_is_looked_for_too() => Assert.That(
        Check("`PlantedBenchmarks.Gone`\n", []).Select(finding => finding.Message),
        Has.Exactly(1).Contains("there is no benchmark PlantedBenchmarks.Gone"));

    private static IEnumerable<Finding> Check(string page, HashSet<string> benchmarks) =>
        Check(page, benchmarks, PagePath, s_stages);

    private static IEnumerable<Finding> Check(
        string page, HashSet<string> benchmarks, string path, string[] stages)
    {
        foreach (string stage in stages)
        {
            IReadOnlyList<TableRow> rows = PageTable.Rows(page, stage);
            if (rows.Count == 0)
            {
                yield return new Finding(path, 1, $"the stage {stage} has no trick");
            }

            foreach (Finding finding in rows.SelectMany(row => CheckRow(row, path)))
            {
                yield return finding;
            }
        }

        string[] lines = page.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            foreach (string name in PageTable.NamesIn(lines[i])
                .Where(name => Benchmark().IsMatch(name) && !benchmarks.Contains(name)))
            {
                yield return new Finding(path, i + 1, $"there is no benchmark {name}");
            }
        }
    }

    private static IEnumerable<Finding> CheckRow(TableRow row, string path)
    {
        if (row.Cells.Count != 5)
        {
            yield return new Finding(path, row.Line, "a trick has five cells");
            yield break;
        }

        if (!row.Cells[1].Contains("](../src/", StringComparison.Ordinal))
        {
            yield return new Finding(path, row.Line, "links to no file of src");
        }

        if (!row.Cells[2].Contains("](../bench/", StringComparison.Ordinal)
            && !PageTable.NamesIn(row.Cells[2]).Any(name => Benchmark().IsMatch(name)))
        {
            yield return new Finding(path, row.Line, "names no benchmark");
        }
    }

    private static HashSet<string> Benchmarks() =>
    [
        .. from file in RepositoryFiles.CSharp
           where file.IsUnder("bench/Reactor.Bench")
           from method in file.Root.DescendantNodes().OfType<MethodDeclarationSyntax>()
           where method.AttributeLists.SelectMany(list => list.Attributes)
               .Any(attribute => attribute.Name.ToString() == "Benchmark")
           let type = (ClassDeclarationSyntax)method.Parent!
           select $"{type.Identifier.Text}.{method.Identifier.Text}",
    ];

    [GeneratedRegex(@"^\w+Benchmarks\.\w+$")]
    private static partial Regex Benchmark();
}

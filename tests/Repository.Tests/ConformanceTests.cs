// docs/conformance.md tells, beside the checklist itself, which limits there are and which lessons
// of others are tests here. Both are compared with the code: an option or a test that is renamed
// takes the page with it.

using Reactor.Drivers;
using Reactor.Http;
using Reactor.Http.Protocol;
using Reactor.Net;
using Repository.Tests.Statements;

namespace Repository.Tests;

[TestFixture]
public sealed class ConformanceTests
{
    private static readonly SourceFile s_page = RepositoryFiles.All.Single(
        file => file.Path == StatementPage.Conformance.Path);

    [Test]
    public void Each_limit_names_a_public_option_and_its_default()
    {
        IReadOnlyList<TableRow> rows = PageTable.Rows(s_page.Text, "Limits");
        Assert.That(rows, Is.Not.Empty);
        Rules.AssertNone(
            LimitTable.Check(
                s_page.Path,
                rows,
                ParserLimits.Default,
                new HttpServerTimes(),
                new HttpServerLimits(),
                new HttpServerOverload(),
                new HttpServerShutdown(),
                new HttpServerLog(),
                new RouteOptions(),
                new JsonLimits(),
                new FormOptions(),
                new RateLimitOptions { Requests = 1 },
                new ServerOptions(),
                new ListenOptions()),
            "Each limit has an option");
    }

    [Test]
    public void Each_option_that_bounds_something_has_its_row()
    {
        IEnumerable<string> named = PageTable.Rows(s_page.Text, "Limits").SelectMany(
            row => row.Names);
        Assert.That(
            LimitTable.Bounds(
                typeof(ParserLimits), typeof(HttpServerTimes), typeof(HttpServerLimits),
                typeof(HttpServerOverload), typeof(HttpServerShutdown), typeof(HttpServerLog),
                typeof(HttpServerOptions), typeof(RouteOptions), typeof(JsonLimits),
                typeof(FormOptions), typeof(ServerOptions), typeof(ListenOptions))
                .Except(named),
            Is.Empty);
    }

    [Test]
    public void Each_cost_names_tests_that_there_are()
    {
        IReadOnlyList<TableRow> rows = PageTable.Rows(s_page.Text, "Costs");
        Assert.That(rows, Is.Not.Empty);
        Rules.AssertNone(
            CheckTests(rows, TestNames.Under("tests").Select(test => test.Name)),
            "Each cost is measured");
    }

    [Test]
    public void Each_advisory_names_tests_that_there_are()
    {
        IReadOnlyList<TableRow> rows = PageTable.Rows(s_page.Text, "Advisories");
        Assert.That(rows, Is.Not.Empty);
        Rules.AssertNone(
            CheckTests(rows, TestNames.Under("tests").Select(test => test.Name)),
            "Each advisory is a test");
    }

    [TestCase("| a | 5 bytes | 400 | `Planted.Least` |", null)]
    [TestCase("| a | 5 | 400 | `Planted.Least` |", null)]
    [TestCase("| a | 50 | 400 | `Planted.Least` |", "the default of Planted.Least is 5")]
    [TestCase("| a | 2.5 s | 400 | `Planted.Wait` |", null)]
    [TestCase("| a | 2 s | 400 | `Planted.Wait` |", "the default of Planted.Wait is 2.5 s")]
    [TestCase("| a | off | 400 | `Planted.Is` |", null)]
    [TestCase("| a | 5 | 400 | `Planted.Gone` |", "Planted.Gone is no public option")]
    [TestCase("| a | 5 | 400 | `Other.Least` |", "Other.Least is no public option")]
    [TestCase("| a | 5 | 400 | Planted.Least |", "one option in the last")]
    [TestCase("| a | 5 | `Planted.Least` |", "four cells")]
    public void A_limit_is_compared_with_its_option(string row, string? complaint)
    {
        IEnumerable<string> found = LimitTable.Check(
            "docs/a.md",
            PageTable.Rows($"## Limits\n\n| a | b | c | d |\n|---|---|---|---|\n{row}\n", "Limits"),
            new Planted()).Select(finding => finding.Message);
        Assert.That(
            found, complaint is null ? Is.Empty : Has.Exactly(1).Contains(complaint));
    }

    [Test]
    public void What_is_a_number_or_a_duration_bounds_something() => Assert.That(
        LimitTable.Bounds(typeof(Planted)),
        Is.EqualTo(new[] { "Planted.Least", "Planted.Wait" }));

    [TestCase("| a | b | `One`, `Two` |", null)]
    [TestCase("| a | b | `One`, `Gone` |", "no test is called Gone")]
    [TestCase("| a | b | One |", "a has no test")]
    public void An_advisory_is_compared_with_the_tests(string row, string? complaint) =>
        Assert.That(
            CheckTests(PageTable.Rows($"## Here\n{row}\n## There\n| c |\n", "Here"), ["One", "Two"])
                .Select(finding => finding.Message),
            complaint is null ? Is.Empty : Has.Exactly(1).Contains(complaint));

    [Test]
    public void Cells_are_split_at_pipes_that_are_not_escaped() => Assert.That(
        PageTable.Rows("## Here\n| a \\| b | `c` |\n", "Here").Single().Cells,
        Is.EqualTo(new[] { "a \\| b", "`c`" }));

    private static IEnumerable<Finding> CheckTests(
        IEnumerable<TableRow> rows, IEnumerable<string> tests)
    {
        HashSet<string> known = [.. tests];
        foreach (TableRow row in rows)
        {
            if (!row.Names.Any())
            {
                yield return new Finding(s_page.Path, row.Line, $"{row.Cells[0]} has no test");
            }

            foreach (string name in row.Names.Where(name => !known.Contains(name)))
            {
                yield return new Finding(s_page.Path, row.Line, $"no test is called {name}");
            }
        }
    }

    private sealed class Planted
    {
        public int Least { get; } = 5;

        public TimeSpan Wait { get; } = TimeSpan.FromSeconds(2.5);

        public bool Is { get; }
    }
}

// docs/asyncio.md promises a test for each statement of the loop's contract. The promise is kept by
// writing its last column from the tests, and failing where the two have parted.

using Microsoft.CodeAnalysis.CSharp.Syntax;
using Repository.Tests.Statements;

namespace Repository.Tests;

[TestFixture]
public sealed class StatementsTests
{
    private const string AcceptVariable = "REACTOR_ACCEPT_DOCS";

    private static readonly TestName[] s_planted =
        [new("tests/A.cs", 7, "A01_first"), new("tests/A.cs", 9, "A01_A02_both")];

    [Test]
    public void The_table_of_statements_names_the_tests_that_there_are()
    {
        SourceFile page = RepositoryFiles.All.Single(file => file.Path == "docs/asyncio.md");
        IReadOnlyList<TestName> tests = TestsUnder("tests/Reactor.Tests");
        Rules.AssertNone(
            StatementTable.Check(page, tests), "Each statement has a test, and is stated once");
        string written = StatementTable.Write(page.Text, tests);
        if (written == page.Text)
        {
            return;
        }

        bool accept = Environment.GetEnvironmentVariable(AcceptVariable) == "1"
            && Environment.GetEnvironmentVariable("CI") != "true";
        if (!accept)
        {
            Assert.Fail(
                "The tests have changed since docs/asyncio.md was written: run "
                    + $"{AcceptVariable}=1 dotnet test tests/Repository.Tests "
                    + "and commit the file.");
        }

        File.WriteAllText(RepositoryFiles.FullPath(page.Path), written);
        Assert.Inconclusive("Written; look at it in git diff.");
    }

    [Test]
    public void Every_name_of_ours_on_the_page_exists()
    {
        string page = RepositoryFiles.All.Single(file => file.Path == "docs/asyncio.md").Text;
        string surface = File.ReadAllText(RepositoryFiles.FullPath("src/Reactor/PublicApi.txt"));
        string names = page[page.IndexOf("## Names", StringComparison.Ordinal)..page.IndexOf(
            "## The programs", StringComparison.Ordinal)];
        Assert.That(NameTable.Unknown(names, surface), Is.Empty);
    }

    [Test]
    public void A_name_that_does_not_exist_is_found() => Assert.That(
        NameTable.Unknown(
            "| asyncio | here | remark |\n|---|---|---|\n"
                + "| `x()` | `loop.Here()`, `Gone<T>` | `No` |\n",
            "Reactor.EventLoop.Here() : void"),
        Is.EqualTo(["Gone", "No"]));

    [Test]
    public void The_last_cell_lists_every_test_that_bears_the_number() => Assert.That(
        StatementTable.Write("| A01 | One. | old |\n| A02 | Two \\| more. | |\n", s_planted),
        Is.EqualTo(
            "| A01 | One. | `A01_A02_both`, `A01_first` |\n"
                + "| A02 | Two \\| more. | `A01_A02_both` |\n"));

    [Test]
    public void A_reason_in_words_stays_until_there_is_a_test() => Assert.That(
        StatementTable.Write(
            "| A01 | One. | compile time |\n| B01 | Two. | the type |\n", s_planted),
        Does.EndWith("| B01 | Two. | the type |\n").And.Not.Contain("compile time"));

    [TestCase("| A01 | One. | |\n| A02 | Two. | |\n| B01 | Three. | |", "B01 has no test")]
    [TestCase("| A01 | One. | |", "has no statement A02")]
    [TestCase("| A01 | One. | |\n| A02 | Two. | |\n| A01 | One. | |", "A01 is stated twice")]
    [TestCase("| A01 | One. | |\n| A02 | Two. | |\n| B01 | Three. | `B01_gone` |", "B01 has no")]
    public void A_table_that_does_not_fit_the_tests_is_found(string text, string complaint) =>
        Assert.That(
            StatementTable.Check(new SourceFile("docs/a.md", text), s_planted)
                .Select(finding => finding.Message),
            Has.Exactly(1).Contains(complaint));

    [Test]
    public void A_table_that_fits_passes() => Assert.That(
        StatementTable.Check(
            new SourceFile("docs/a.md", "| A01 | One. | |\n| A02 | Two. | by its type |\n"),
            s_planted),
        Is.Empty);

    private static List<TestName> TestsUnder(string folder)
    {
        var tests = new List<TestName>();
        foreach (SourceFile file in RepositoryFiles.CSharp.Where(file => file.IsUnder(folder)))
        {
            tests.AddRange(
                from method in file.Root.DescendantNodes().OfType<MethodDeclarationSyntax>()
                where method.AttributeLists.SelectMany(list => list.Attributes)
                    .Any(attribute => attribute.Name.ToString().StartsWith(
                        "Test", StringComparison.Ordinal))
                select new TestName(file.Path, file.LineOf(method), method.Identifier.Text));
        }

        return tests;
    }
}

// A contract page promises a test for each of its statements. The promise is kept by writing its
// last column from the tests, and failing where the two have parted.

using Repository.Tests.Statements;

namespace Repository.Tests;

[TestFixture]
public sealed class StatementsTests
{
    private const string AcceptVariable = "REACTOR_ACCEPT_DOCS";

    private static readonly StatementPage[] s_pages =
        [StatementPage.Asyncio, StatementPage.Conformance];

    private static readonly StatementPage s_plantedPage = new("docs/a.md", "AB");

    private static readonly TestName[] s_planted =
        [new("tests/A.cs", 7, "A01_first"), new("tests/A.cs", 9, "A01_A02_both")];

    [TestCaseSource(nameof(s_pages))]
    public void The_table_of_statements_names_the_tests_that_there_are(StatementPage page)
    {
        string text = RepositoryFiles.All.Single(file => file.Path == page.Path).Text;
        IReadOnlyList<TestName> tests = TestNames.Under(page.Folders);
        Rules.AssertNone(
            StatementTable.Check(text, page, tests), "Each statement is stated once, with a test");
        string written = StatementTable.Write(text, page, tests);
        if (written == text)
        {
            return;
        }

        bool accept = Environment.GetEnvironmentVariable(AcceptVariable) == "1"
            && Environment.GetEnvironmentVariable("CI") != "true";
        if (!accept)
        {
            Assert.Fail(
                $"The tests have changed since {page.Path} was written: run {AcceptVariable}=1 "
                    + "dotnet test tests/Repository.Tests and commit the file.");
        }

        File.WriteAllText(RepositoryFiles.FullPath(page.Path), written);
        Assert.Inconclusive("Written; look at it in git diff.");
    }

    [Test]
    public void Every_name_of_ours_on_the_page_exists()
    {
        string page = RepositoryFiles.All.Single(file => file.Path == "docs/asyncio.md").Text;
        string surface = File.ReadAllText(
            RepositoryFiles.FullPath("src/Reactor/PublicAPI.Unshipped.txt"));
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
        Write("| A01 | One. | old |\n| A02 | Two \\| more. | |\n"),
        Is.EqualTo(
            "| A01 | One. | `A01_A02_both`, `A01_first` |\n"
                + "| A02 | Two \\| more. | `A01_A02_both` |\n"));

    [Test]
    public void A_reason_in_words_stays_until_there_is_a_test() => Assert.That(
        Write("| A01 | One. | compile time |\n| B01 | Two. | the type |\n"),
        Does.EndWith("| B01 | Two. | the type |\n").And.Not.Contain("compile time"));

    [TestCase("| A01 | One. | |\n| A02 | Two. | |\n| B01 | Three. | |", "B01 has no test")]
    [TestCase("| A01 | One. | |", "has no statement A02")]
    [TestCase("| A01 | One. | |\n| A02 | Two. | |\n| A01 | One. | |", "A01 is stated twice")]
    [TestCase("| A01 | One. | |\n| A02 | Two. | |\n| B01 | Three. | `B01_gone` |", "B01 has no")]
    public void A_table_that_does_not_fit_the_tests_is_found(string text, string complaint) =>
        Assert.That(
            StatementTable.Check(text, s_plantedPage, s_planted)
                .Select(finding => finding.Message),
            Has.Exactly(1).Contains(complaint));

    [Test]
    public void A_table_that_fits_passes() => Assert.That(
        StatementTable.Check(
            "| A01 | One. | |\n| A02 | Two. | by its type |\n", s_plantedPage, s_planted),
        Is.Empty);

    [Test]
    public void A_number_may_have_three_digits_and_the_row_several_cells() => Assert.That(
        StatementTable.Write(
            "| A100 | 9.3 | One. | |\n| A10 | 9.4 | Two. | |\n",
            s_plantedPage,
            [new("tests/A.cs", 1, "A100_a"), new("tests/A.cs", 2, "A10_b")]),
        Is.EqualTo("| A100 | 9.3 | One. | `A100_a` |\n| A10 | 9.4 | Two. | `A10_b` |\n"));

    [Test]
    public void A_number_with_the_letter_of_another_page_is_not_looked_for()
    {
        TestName[] tests = [.. s_planted, new("tests/A.cs", 11, "N02_A01_other")];
        const string Text = "| A01 | One. | |\n| A02 | Two. | |\n";
        Assert.That(StatementTable.Check(Text, s_plantedPage, tests), Is.Empty);
        Assert.That(
            StatementTable.Write(Text, s_plantedPage, tests), Does.Contain("`N02_A01_other`"));
    }

    private static string Write(string text) =>
        StatementTable.Write(text, s_plantedPage, s_planted);
}

// A link in the documentation is a promise to a reader; these are the promises, and broken ones.

namespace Repository.Tests;

[TestFixture]
public sealed class LinksTests
{
    [Test]
    public void Every_relative_link_leads_somewhere() => Rules.AssertNone(
        RepositoryFiles.All.Where(file => file.Path.EndsWith(".md", StringComparison.Ordinal))
            .SelectMany(file => LinkChecker.Check(file, ReadReal)),
        "Relative links in Markdown");

    [Test]
    public void The_index_of_the_documentation_lists_every_page() => Rules.AssertNone(
        LinkChecker.Unlisted(
            RepositoryFiles.All.Single(file => file.Path == "docs/README.md"),
            RepositoryFiles.All),
        "Pages without a line in the index");

    [Test]
    public void A_page_that_its_index_does_not_list_is_found()
    {
        SourceFile index = new(
            "docs/README.md", "[a](a.md) [d](d/e.md) `[c](c.md)` [x](x/README.md)");
        SourceFile[] files =
        [
            index, new("docs/a.md", ""), new("docs/c.md", ""), new("docs/d/e.md", ""),
            new("docs/f.txt", ""), new("g.md", ""), new("docs/x/README.md", "[y](y.md)"),
            new("docs/x/y.md", ""), new("docs/x/z.md", ""),
        ];
        Assert.That(
            LinkChecker.Unlisted(index, files).Select(finding => finding.Message),
            Is.EqualTo(new[]
            {
                "docs/c.md has no link in the index", "docs/x/z.md has no link in the index",
            }));
    }

    [TestCase("[a](other.md)")]
    [TestCase("[a](../README.md \"title\") and [b](<other.md>)")]
    [TestCase("[a](other.md#one-turn-poll--run)")]
    [TestCase("[a](#here)\n\n## Here\n")]
    [TestCase("[a]: other.md")]
    [TestCase("[a](https://example.org/nowhere.md) [b](mailto:a@example.org)")]
    [TestCase("`[a](nowhere.md)`\n```\n[a](nowhere.md)\n```\n")]
    [TestCase("[a](pictures/)")]
    public void A_link_that_leads_somewhere_passes(string text) =>
        Assert.That(LinkChecker.Check(new SourceFile("docs/a.md", text), ReadPlanted), Is.Empty);

    [TestCase("[a](nowhere.md)", "leads to docs/nowhere.md")]
    [TestCase("![a](pictures/none.png)", "leads to docs/pictures/none.png")]
    [TestCase("[a](other.md#nothing)", "no heading 'nothing'")]
    [TestCase("[a](#nothing)", "no heading 'nothing'")]
    [TestCase("[a]: nowhere.md", "leads to docs/nowhere.md")]
    public void A_link_that_leads_nowhere_is_found(string text, string complaint)
    {
        Finding finding = LinkChecker.Check(
            new SourceFile("docs/a.md", "```\ncode\n```\n" + text), path =>
                path == "docs/a.md" ? text : ReadPlanted(path)).Single();
        Assert.That(finding.Line, Is.EqualTo(4));
        Assert.That(finding.Message, Does.Contain(complaint));
    }

    private static string? ReadPlanted(string path) => path switch
    {
        "docs/other.md" => "# Other\n\n## One turn: poll → `run`\n",
        "docs/a.md" => "## Here\n",
        "README.md" or "docs/pictures" => "",
        _ => null,
    };

    private static string? ReadReal(string path)
    {
        string full = RepositoryFiles.FullPath(path);
        return Directory.Exists(full) ? "" : File.Exists(full) ? File.ReadAllText(full) : null;
    }
}

// The page of the analyzers lists each diagnostic, with a row and a section.

using System.Text.RegularExpressions;

namespace Repository.Tests;

[TestFixture]
public sealed partial class AnalyzersPageTests
{
    [Test]
    public void Each_diagnostic_has_a_row_and_a_section_with_cause_and_remedy()
    {
        string rules = File.ReadAllText(
            RepositoryFiles.FullPath("src/Reactor.Analyzers/Rules.cs"));
        string page = File.ReadAllText(RepositoryFiles.FullPath("docs/analyzers.md"));
        string[] ids = [.. Id().Matches(rules).Select(match => match.Value).Order().Distinct()];

        Assert.That(ids, Is.Not.Empty);
        Assert.That(Row().Matches(page).Select(row => row.Groups[1].Value), Is.EqualTo(ids));
        Assert.That(Section().Matches(page).Select(one => one.Groups[1].Value), Is.EqualTo(ids));
    }

    [GeneratedRegex(@"REACTORS?\d{3}")]
    private static partial Regex Id();

    [GeneratedRegex(@"^\| (REACTORS?\d{3}) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^## (REACTORS?\d{3}): ", RegexOptions.Multiline)]
    private static partial Regex Section();
}

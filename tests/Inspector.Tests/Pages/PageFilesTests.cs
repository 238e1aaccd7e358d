using System.Text;
using System.Text.RegularExpressions;
using Reactor.Inspector;

namespace Inspector.Tests.Pages;

/// <summary>The page as it is served: nothing foreign or inline, and short modules.</summary>
[TestFixture]
public sealed partial class PageFilesTests
{
    private const int ModuleLinesMax = 300;

    private static IEnumerable<string> Scripts =>
        PageFiles.Names.Where(name => name.EndsWith(".js", StringComparison.Ordinal));

    [Test]
    public void No_file_names_another_host() => Assert.Multiple(() =>
    {
        foreach (string name in PageFiles.Names)
        {
            string[] foreign = [.. Address().Matches(TextOf(name)).Select(match => match.Value)
                .Where(address => address != "http://www.w3.org")];
            Assert.That(foreign, Is.Empty, name);
        }
    });

    [Test]
    public void The_page_has_no_inline_script_or_style() => Assert.That(
        TextOf("index.html"),
        Does.Not.Match(@"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+="));

    [Test]
    public void A_script_sets_text_and_never_markup() => Assert.Multiple(() =>
    {
        foreach (string name in Scripts)
        {
            Assert.That(
                TextOf(name), Does.Not.Match("innerHTML|outerHTML|insertAdjacentHTML|eval\\("),
                name);
        }
    });

    [TestCaseSource(nameof(Scripts))]
    public void A_module_begins_with_its_contract_and_is_short(string name)
    {
        string[] lines = TextOf(name).TrimEnd('\n').Split('\n');
        Assert.That(lines, Has.Length.LessThan(ModuleLinesMax));
        Assert.That(lines[0], Does.StartWith("// "));
    }

    [Test]
    public void A_line_has_at_most_a_hundred_columns() => Assert.Multiple(() =>
    {
        foreach (string name in PageFiles.Names.Where(
            name => Path.GetExtension(name) is ".js" or ".css" or ".html"))
        {
            Assert.That(TextOf(name).Split('\n').Where(line => line.Length > 100), Is.Empty, name);
        }
    });

    [Test]
    public void Every_imported_module_is_embedded() => Assert.That(
        Scripts.SelectMany(name => Import().Matches(TextOf(name)))
            .Select(match => match.Groups[1].Value).Except(PageFiles.Names),
        Is.Empty);

    private static string TextOf(string name) =>
        Encoding.UTF8.GetString(PageFiles.Get(name).Bytes);

    [GeneratedRegex(@"https?://[\w.]+")]
    private static partial Regex Address();

    [GeneratedRegex(@"from '\./([\w.]+)'")]
    private static partial Regex Import();
}

// docs/features.md promises that it claims nothing without a test or a sample. The promise is
// checked here, against the sources.

using System.Text.RegularExpressions;
using Repository.Tests.Statements;

namespace Repository.Tests;

[TestFixture]
public sealed partial class FeaturesPageTests
{
    private static readonly FeatureNames s_planted = new(
        new HashSet<string> { "RouteTests", "RouteTests.It_routes" },
        new HashSet<string> { "shop.cs" },
        new HashSet<string> { "Application", "Mount", "Application.Mount" });

    [Test]
    public void Each_feature_that_is_here_names_what_shows_it()
    {
        string page = RepositoryFiles.All.Single(file => file.Path == FeatureTable.PagePath).Text;
        Rules.AssertNone(
            FeatureTable.Check(page, new FeatureNames(Tests(), Samples(), Surface())),
            "Each feature has a test or a sample");
    }

    [TestCase("| a | b | c | d | `Application.Mount` | `RouteTests` |", null)]
    [TestCase("| a | b | c | d | in any order | `RouteTests.It_routes`, `RouteTests` |", null)]
    [TestCase("| a | b | c | d | yes | [shop.cs](../samples/shop.cs) |", null)]
    [TestCase("| a | b | c | d | no | — |", null)]
    [TestCase("| a | b | c | d | no, `Later` will | — |", null)]
    [TestCase("| a | b | c | d | nothing to set | `RouteTests` |", null)]
    [TestCase("| a | b | c | d | no | `RouteTests` |", "a row that says no ends with —")]
    [TestCase("| a | b | c | d | no | |", "none of them empty")]
    [TestCase("| a | b |  | d | yes | `RouteTests` |", "none of them empty")]
    [TestCase("| a | b | c | yes | `RouteTests` |", "a row has six cells")]
    [TestCase("| a | b | c | d | yes | — |", "names no test and no sample")]
    [TestCase("| a | b | c | d | yes | RouteTests |", "names no test and no sample")]
    [TestCase("| a | b | c | d | yes | `GoneTests` |", "there is no test GoneTests")]
    [TestCase("| a | b | c | d | yes | `RouteTests.Gone` |", "there is no test RouteTests.Gone")]
    [TestCase(
        "| a | b | c | d | `Application.Gone(x)` | `RouteTests` |",
        "Application.Gone is not public")]
    [TestCase("| a | b | c | d | `Mount.Application` | `RouteTests` |", "Mount.Application is not")]
    [TestCase(
        "| a | b | c | d | yes | [gone.cs](../samples/gone.cs) |", "samples/gone.cs is no sample")]
    public void A_row_is_compared_with_the_sources(string row, string? complaint)
    {
        const string good = "| a | b | c | d | yes | [shop.cs](../samples/shop.cs) |";
        string[] found = [.. Check(section => section == "Guards" ? $"{good}\n{row}" : good)];
        Assert.That(found, complaint is null ? Is.Empty : Has.Exactly(1).Contains(complaint));
    }

    [Test]
    public void A_section_without_a_row_is_found() => Assert.That(
        Check(section => section == "Guards" ? "" : "| a | b | c | d | no | — |"),
        Has.Exactly(1).EqualTo("the section 'Guards' has no row"));

    [Test]
    public void A_sample_that_no_row_names_is_found() => Assert.That(
        Check(_ => "| a | b | c | d | no | — |"),
        Is.EqualTo(new[] { "no row names samples/shop.cs" }));

    private static IEnumerable<string> Check(Func<string, string> rows) => FeatureTable.Check(
        string.Join('\n', FeatureTable.Sections.Select(section =>
            $"## {section}\n\n| a | b | c | d | e | f |\n|---|---|---|---|---|---|\n"
                + $"{rows(section)}\n")),
        s_planted).Select(finding => finding.Message);

    private static HashSet<string> Tests() =>
    [
        .. from test in TestNames.Under("tests", "samples")
           let type = Path.GetFileNameWithoutExtension(test.Path)
           from name in new[] { type, $"{type}.{test.Name}" }
           select name,
    ];

    // Those that reference the server's project or one above it; the others are of the loop.
    private static HashSet<string> Samples() =>
    [
        .. from file in RepositoryFiles.Samples
           where file.Text.Contains("#:project ../src/Reactor.Http", StringComparison.Ordinal)
               || file.Text.Contains("#:project ../src/Reactor.Hosting", StringComparison.Ordinal)
           select Path.GetFileName(file.Path),
    ];

    private static HashSet<string> Surface() =>
    [
        .. from project in new[]
            {
                "Reactor", "Reactor.Hosting", "Reactor.Http", "Reactor.Http.OpenApi",
                "Reactor.Http.Testing", "Reactor.Inspector",
            }
           from match in Name().Matches(File.ReadAllText(
               RepositoryFiles.FullPath($"src/{project}/PublicAPI.Unshipped.txt")))
           from name in new[] { match.Value, match.Value + match.Groups["member"].Value }
           select name,
    ];

    // The pairs overlap: A.B and B.C of A.B.C.
    [GeneratedRegex(@"\b[A-Z]\w*(?=(?<member>\.[A-Z]\w*)?)")]
    private static partial Regex Name();
}

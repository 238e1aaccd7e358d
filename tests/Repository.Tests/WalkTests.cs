// The walk through the code in docs/architecture.md, held to the code: each stop links to a file
// that exists and names a member that this file declares, and a walk has no more stops than a
// newcomer can follow.

using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Repository.Tests;

[TestFixture]
public sealed partial class WalkTests
{
    private const string Page = "docs/architecture.md";

    private const int StopsMax = 12;

    private static readonly string[] s_walks = ["One request", "One timer", "One cancelled task"];

    [Test]
    public void Each_stop_of_the_walk_is_a_member_of_its_file() => Rules.AssertNone(
        Check(RepositoryFiles.All.Single(file => file.Path == Page).Text, RepositoryFiles.CSharp),
        "A walk through the code (docs/architecture.md)");

    [TestCase("1. [A.cs](../src/A.cs) `Go`: It goes.\n", "")]
    [TestCase("1. [A.cs](../src/A.cs) `A`: It is.\n1. [A.cs](../src/A.cs) `_count`: It is.", "")]
    [TestCase("1. [B.cs](../src/B.cs) `Go`: It goes.\n", "there is no file src/B.cs")]
    [TestCase("1. [A.cs](../src/A.cs) `Stop`: It stops.\n", "src/A.cs does not declare Stop")]
    [TestCase("1. [A.cs](../src/A.cs): It goes.\n", "a stop is a link, a member and a sentence")]
    [TestCase("", "has no stop")]
    public void A_stop_that_does_not_lead_to_its_member_is_found(string stops, string complaint)
    {
        SourceFile[] files =
            [new("src/A.cs", "class A { int _count; void Go() { void Stop() { } } }")];
        string page = string.Concat(s_walks.Select(walk => $"### {walk}\n\n{stops}\n\n"));
        Assert.That(
            Check(page, files).Select(finding => finding.Message).Distinct(),
            complaint.Length == 0 ? Is.Empty : Is.Not.Empty.And.All.Contains(complaint));
    }

    [Test]
    public void A_walk_of_thirteen_stops_is_too_long()
    {
        string stops = string.Concat(
            Enumerable.Repeat("1. [A.cs](../src/A.cs) `A`: It is.\n", StopsMax + 1));
        Assert.That(
            Check($"### One request\n\n{stops}\n", [new("src/A.cs", "class A { }")])
                .Select(finding => finding.Message),
            Has.Some.Contains("13 stops"));
    }

    private static IEnumerable<Finding> Check(string page, IReadOnlyList<SourceFile> files)
    {
        foreach (string walk in s_walks)
        {
            int start = page.IndexOf($"### {walk}\n", StringComparison.Ordinal);
            int line = page.AsSpan(0, Math.Max(start, 0)).Count('\n') + 1;
            string[] stops = start < 0 ? []
                : [.. page[(start + 4)..].Split("\n#")[0].Split('\n')
                    .Where(text => Number().IsMatch(text))];
            if (stops.Length is 0 or > StopsMax)
            {
                yield return new Finding(Page, line, stops.Length == 0 ? $"'{walk}' has no stop"
                    : $"'{walk}' has {stops.Length} stops, {StopsMax} are allowed");
            }
            foreach (string stop in stops)
            {
                if (Complaint(stop, files) is { } complaint)
                {
                    yield return new Finding(Page, line, $"{complaint}: {stop}");
                }
            }
        }
    }

    private static string? Complaint(string stop, IReadOnlyList<SourceFile> files)
    {
        Match match = Stop().Match(stop);
        if (!match.Success)
        {
            return "a stop is a link, a member and a sentence";
        }
        string path = match.Groups["path"].Value;
        string member = match.Groups["member"].Value;
        SourceFile? file = files.FirstOrDefault(one => one.Path == path);
        return file is null ? $"there is no file {path}"
            : file.Root.DescendantNodes().OfType<MemberDeclarationSyntax>()
                .SelectMany(NamesOf).Contains(member) ? null
            : $"{path} does not declare {member}";
    }

    private static IEnumerable<string> NamesOf(MemberDeclarationSyntax member) => member switch
    {
        BaseTypeDeclarationSyntax type => [type.Identifier.Text],
        MethodDeclarationSyntax method => [method.Identifier.Text],
        PropertyDeclarationSyntax property => [property.Identifier.Text],
        FieldDeclarationSyntax field =>
            field.Declaration.Variables.Select(variable => variable.Identifier.Text),
        _ => [],
    };

    [GeneratedRegex(@"^\d+\. ")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\d+\. \[[^\]]+\]\(\.\./(?<path>[^)]+)\) `(?<member>\w+)`: [A-Z].+\.$")]
    private static partial Regex Stop();
}

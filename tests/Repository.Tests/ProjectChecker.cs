// Rules on what is built: one solution that holds every project; references between projects that
// point one way; tests in projects whose name says so; samples that run as they stand. Works on
// text and paths, so that a planted repository is a few strings.

using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Repository.Tests;

public static partial class ProjectChecker
{
    public static IEnumerable<Finding> CheckSolution(
        IReadOnlyCollection<string> solutions, string solutionText,
        IEnumerable<string> projects)
    {
        foreach (string extra in solutions.Order(StringComparer.Ordinal)
            .Where(path => path != "Reactor.sln"))
        {
            yield return new(extra, 1, "a second solution breaks a bare `dotnet build`: use one");
        }
        HashSet<string> members = SolutionEntry().Matches(solutionText)
            .Select(match => match.Groups[1].Value.Replace('\\', '/')).ToHashSet();
        foreach (string project in projects.Where(project => !members.Remove(project)))
        {
            yield return new(project, 1, $"is not in the solution: dotnet sln add {project}");
        }
        foreach (string missing in members)
        {
            yield return new("Reactor.sln", 1, $"names {missing}, which does not exist");
        }
    }

    public static IEnumerable<Finding> CheckReferences(SourceFile project)
    {
        foreach (XElement element in XDocument.Parse(project.Text).Descendants("ProjectReference"))
        {
            string include = (element.Attribute("Include")?.Value ?? "").Replace('\\', '/');
            string target = Resolve(project.Path, include);
            if (!MayReference(project.Path, target))
            {
                yield return new(project.Path, 1, $"references {target}: src knows only src, and "
                    + "Reactor knows nobody (docs/architecture.md, Who may reference whom)");
            }
        }
    }

    public static IEnumerable<Finding> CheckTestProject(
        string project, IEnumerable<SourceFile> code)
    {
        string name = Path.GetFileNameWithoutExtension(project);
        if (!name.EndsWith(".Tests", StringComparison.Ordinal)
            && code.FirstOrDefault(file => TestAttribute().IsMatch(file.Text)) is { } file)
        {
            yield return new(file.Path, 1, $"holds a test, but {name} does not end in .Tests, "
                + "so no runner would find it");
        }
    }

    public static IEnumerable<Finding> CheckSample(SourceFile sample)
    {
        string[] lines = sample.Text.Split('\n');
        if (lines[0] != "#!/usr/bin/env dotnet")
        {
            yield return new(sample.Path, 1, "the first line must be '#!/usr/bin/env dotnet'");
        }
        if (!lines.Any(line => line.StartsWith("#:project ../src/", StringComparison.Ordinal)))
        {
            yield return new(sample.Path, 1, "a sample shows us: add a '#:project ../src/…' line");
        }
    }

    private static bool MayReference(string project, string target) => project.Split('/') switch
    {
        ["src", "Reactor", ..] => false,
        ["src", ..] or ["tools", ..] or ["bench", ..] =>
            target.StartsWith("src/", StringComparison.Ordinal),
        _ => true,
    };

    private static string Resolve(string project, string include)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(project, "/"))!;
        return Path.GetFullPath(include, folder).TrimStart('/');
    }

    [GeneratedRegex("""= "[^"]+", "([^"]+\.(?:cs|fs|vb)proj)",""")]
    private static partial Regex SolutionEntry();

    [GeneratedRegex(
        @"^\s*\[(Test|TestCase|TestCaseSource|Theory|Property)\b", RegexOptions.Multiline)]
    private static partial Regex TestAttribute();
}

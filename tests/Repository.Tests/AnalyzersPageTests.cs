// The page of the analyzers lists each diagnostic, and the package of the library carries them.

using System.Diagnostics;
using System.IO.Compression;
using System.Text.RegularExpressions;
using Reactor.Testing;

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

    [Test]
    public void The_package_of_the_library_carries_the_analyzers()
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(
            AppContext.BaseDirectory));
        string folder = Directory.CreateTempSubdirectory("package-").FullName;
        try
        {
            using ChildProcess pack = ChildProcess.Start(new ProcessStartInfo(
                "dotnet",
                ["pack", "src/Reactor", "-c", configuration, "--no-build", "-v", "q", "-o", folder])
            {
                WorkingDirectory = RepositoryFiles.Root,
            });
            ChildOutcome outcome = pack.Finish();
            Assert.That(outcome.ExitCode, Is.Zero, outcome.Output);
            using ZipArchive package = ZipFile.OpenRead(
                Directory.EnumerateFiles(folder, "*.nupkg").Single());
            Assert.That(
                package.Entries.Select(entry => entry.FullName),
                Does.Contain("analyzers/dotnet/cs/Reactor.Analyzers.dll"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex(@"REACTORS?\d{3}")]
    private static partial Regex Id();

    [GeneratedRegex(@"^\| (REACTORS?\d{3}) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^## (REACTORS?\d{3}): ", RegexOptions.Multiline)]
    private static partial Regex Section();
}

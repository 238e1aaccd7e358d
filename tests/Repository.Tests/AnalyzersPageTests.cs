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
        using ZipArchive package = Pack("Reactor");
        Assert.That(
            package.Entries.Select(entry => entry.FullName),
            Does.Contain("analyzers/dotnet/cs/Reactor.Analyzers.dll"));
    }

    [Test]
    public void The_package_of_the_server_passes_them_on()
    {
        using ZipArchive package = Pack("Reactor.Http");
        using var reader = new StreamReader(package.GetEntry("Reactor.Http.nuspec")!.Open());
        Match dependency = Dependency().Match(reader.ReadToEnd());
        Assert.That(dependency.Success);
        Assert.That(dependency.Value, Does.Not.Contain("Analyzers"), "they would be excluded");
    }

    [Test]
    public void The_package_of_the_server_depends_on_the_exact_version_of_the_library()
    {
        using ZipArchive package = Pack("Reactor.Http");
        using var reader = new StreamReader(package.GetEntry("Reactor.Http.nuspec")!.Open());
        string nuspec = reader.ReadToEnd();
        string version = Version().Match(nuspec).Groups[1].Value;
        Assert.That(version, Is.Not.Empty);
        Assert.That(
            Dependency().Match(nuspec).Value, Does.Contain($"version=\"[{version}]\""),
            "the packages share internals");
    }

    /// <summary>The package of a project, read from a file that is gone already.</summary>
    private static ZipArchive Pack(string project)
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(
            AppContext.BaseDirectory));
        string folder = Directory.CreateTempSubdirectory("package-").FullName;
        try
        {
            using ChildProcess pack = ChildProcess.Start(new ProcessStartInfo(
                "dotnet",
                [
                    "pack", $"src/{project}", "-c", configuration, "--no-build", "-v", "q",
                    "-o", folder,
                ])
            {
                WorkingDirectory = RepositoryFiles.Root,
            });
            ChildOutcome outcome = pack.Finish();
            Assert.That(outcome.ExitCode, Is.Zero, outcome.Output);
            return new ZipArchive(new MemoryStream(
                File.ReadAllBytes(Directory.EnumerateFiles(folder, "*.nupkg").Single())));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex(@"<dependency id=""Reactor""[^>]*>")]
    private static partial Regex Dependency();

    [GeneratedRegex(@"<version>([^<]+)</version>")]
    private static partial Regex Version();

    [GeneratedRegex(@"REACTORS?\d{3}")]
    private static partial Regex Id();

    [GeneratedRegex(@"^\| (REACTORS?\d{3}) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^## (REACTORS?\d{3}): ", RegexOptions.Multiline)]
    private static partial Regex Section();
}

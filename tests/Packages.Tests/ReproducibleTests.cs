using System.IO.Compression;
using System.Text;
using Reactor.Testing;

namespace Packages.Tests;

/// <summary>
/// Two builds of the same sources, in different folders, make the same package: it knows neither
/// its folder nor its time. Tested with the library that has generated code and the analyzers.
/// </summary>
[TestFixture]
[Category("Slow")]
public sealed class ReproducibleTests
{
    [Test]
    public void Two_builds_in_different_folders_make_equal_packages_without_a_path()
    {
        string[] folders =
        [
            PackedRepository.CreateFolder("one"), PackedRepository.CreateFolder("another-one"),
        ];
        Parallel.ForEach(folders, Pack);
        foreach (string ending in new[] { "nupkg", "snupkg" })
        {
            Dictionary<string, byte[]> first = Read(folders[0], ending);
            Dictionary<string, byte[]> second = Read(folders[1], ending);
            Assert.That(second.Keys, Is.EquivalentTo(first.Keys));
            foreach ((string name, byte[] bytes) in first)
            {
                Assert.That(second[name].AsSpan().SequenceEqual(bytes), $"{name} differs");
                Assert.That(
                    bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(folders[0])), Is.Negative,
                    $"{name} has a path of the machine");
            }
        }
    }

    private static void Pack(string folder)
    {
        foreach (string file in new[]
        {
            "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props",
            ".editorconfig",
        })
        {
            File.Copy(Path.Combine(RepositoryFolder.Path, file), Path.Combine(folder, file));
        }

        Copy("src/Reactor.Analyzers", folder);
        Copy("src/Reactor", folder);
        foreach (string file in Directory.EnumerateFiles(
            Path.Combine(RepositoryFolder.Path, "src")))
        {
            File.Copy(file, Path.Combine(folder, "src", Path.GetFileName(file)));
        }

        // The build of the solution has run the analyzers.
        Dotnet.Run(
            folder, "pack", "src/Reactor", "-c", "Release", "-o", "packed",
            "-p:ContinuousIntegrationBuild=true", "-p:RunAnalyzers=false");
    }

    private static void Copy(string project, string target)
    {
        string source = Path.Combine(RepositoryFolder.Path, project);
        foreach (string file in Directory.EnumerateFiles(
            source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, project, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    // NuGet names a file of its own by chance, and lists it.
    private static Dictionary<string, byte[]> Read(string folder, string ending)
    {
        using ZipArchive package = ZipFile.OpenRead(Directory
            .EnumerateFiles(Path.Combine(folder, "packed"), $"*.{ending}").Single());
        return package.Entries
            .Where(entry => !entry.FullName.StartsWith("package/", StringComparison.Ordinal)
                && !entry.FullName.StartsWith("_rels/", StringComparison.Ordinal))
            .ToDictionary(entry => entry.FullName, entry =>
            {
                using Stream stream = entry.Open();
                using var bytes = new MemoryStream();
                stream.CopyTo(bytes);
                return bytes.ToArray();
            });
    }
}

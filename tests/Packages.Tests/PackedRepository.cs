using System.IO.Compression;
using System.Xml.Linq;

namespace Packages.Tests;

/// <summary>
/// The packages of the solution, made once for all tests from what was built with them, in a
/// temporary folder outside of the repository. Their version is one that no other run has, so that
/// no copy in a cache is taken for them.
/// </summary>
[SetUpFixture]
public sealed class PackedRepository
{
    private static readonly DirectoryInfo s_root = Directory.CreateTempSubdirectory("packages-");

    /// <summary>The version of the packages.</summary>
    public static string Version { get; } = $"0.1.0-test.{Environment.TickCount64}";

    /// <summary>The folder with the packages.</summary>
    public static string Folder { get; } = Path.Combine(s_root.FullName, "packages");

    /// <summary>Where NuGet installs them, and what they need.</summary>
    public static string InstalledPackages { get; } = Path.Combine(s_root.FullName, "installed");

    [OneTimeSetUp]
    public void Pack()
    {
        string configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        Dotnet.RunInRepository(
            "pack", "Reactor.sln", "-c", configuration, "--no-build", "-v", "q", "-o", Folder,
            $"-p:PackageVersion={Version}");
        File.WriteAllText(Path.Combine(s_root.FullName, "nuget.config"), Config());
    }

    [OneTimeTearDown]
    public void Remove() => s_root.Delete(recursive: true);

    /// <summary>A new folder whose projects find the packages.</summary>
    public static string CreateFolder(string name) => s_root.CreateSubdirectory(name).FullName;

    /// <summary>Opens a package.</summary>
    public static ZipArchive Open(string id) =>
        ZipFile.OpenRead(Path.Combine(Folder, $"{id}.{Version}.nupkg"));

    /// <summary>The metadata of a package, without the namespace of their elements.</summary>
    public static XElement ReadMetadata(string id)
    {
        using ZipArchive package = Open(id);
        using Stream stream = package.GetEntry($"{id}.nuspec")!.Open();
        XElement nuspec = XElement.Load(stream);
        foreach (XElement element in nuspec.DescendantsAndSelf())
        {
            element.Name = element.Name.LocalName;
        }

        return nuspec.Element("metadata")!;
    }

    // What the build has downloaded need not be downloaded again.
    private static string Config()
    {
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        string fallback = Directory.Exists(cache) ? $"""<add key="built" value="{cache}" />""" : "";
        return $"""
            <configuration>
              <packageSources><add key="packed" value="{Folder}" /></packageSources>
              <fallbackPackageFolders>{fallback}</fallbackPackageFolders>
            </configuration>
            """;
    }
}

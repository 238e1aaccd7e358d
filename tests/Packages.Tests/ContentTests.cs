using System.IO.Compression;
using System.Xml.Linq;

namespace Packages.Tests;

/// <summary>What the packages of the solution are, contain and depend on.</summary>
[TestFixture]
[Category("Slow")]
public sealed class ContentTests
{
    private static readonly string[] s_libraries = PackageNames.Libraries;

    private static readonly string[] s_all = PackageNames.All;

    [Test]
    public void The_solution_packs_exactly_these() => Assert.That(
        Directory.EnumerateFiles(PackedRepository.Folder).Select(Path.GetFileName),
        Is.EquivalentTo(
            s_all.Select(id => $"{id}.{PackedRepository.Version}.nupkg")
                .Concat(s_libraries.Select(id => $"{id}.{PackedRepository.Version}.snupkg"))));

    [TestCaseSource(nameof(s_all))]
    public void A_package_says_what_it_is(string id)
    {
        XElement metadata = PackedRepository.ReadMetadata(id);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(Value("id"), Is.EqualTo(id));
            Assert.That(Value("version"), Is.EqualTo(PackedRepository.Version));
            Assert.That(Value("authors"), Is.EqualTo("The Reactor authors"));
            Assert.That(Value("license"), Is.EqualTo("MIT"));
            Assert.That(Value("readme"), Is.EqualTo("README.md"));
            Assert.That(Value("description"), Does.EndWith("."));
            Assert.That(Value("tags").Split(' '), Has.Length.GreaterThanOrEqualTo(5));
        }

        string Value(string name) => metadata.Element(name)?.Value ?? "";
    }

    [TestCaseSource(nameof(s_libraries))]
    public void A_package_has_an_assembly_its_documentation_symbols_and_the_readme(string id)
    {
        using ZipArchive package = PackedRepository.Open(id);
        string[] expected = ["README.md", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml"];
        string[] analyzers = id == "Reactor" ? ["analyzers/dotnet/cs/Reactor.Analyzers.dll"] : [];
        Assert.That(
            package.Entries.Select(entry => entry.FullName)
                .Where(name => !IsOfNuGet(name)),
            Is.EquivalentTo([.. expected, .. analyzers]));

        using ZipArchive symbols = ZipFile.OpenRead(Path.Combine(
            PackedRepository.Folder, $"{id}.{PackedRepository.Version}.snupkg"));
        Assert.That(
            symbols.Entries.Select(entry => entry.FullName),
            Does.Contain($"lib/net10.0/{id}.pdb"));
    }

    // They share internals. And dependencies that are excluded would not pass the analyzers on.
    [TestCaseSource(nameof(s_libraries))]
    public void A_package_depends_on_the_exact_version_of_the_others_and_on_abstractions(string id)
    {
        foreach (XElement one in PackedRepository.ReadMetadata(id).Descendants("dependency"))
        {
            string name = (string)one.Attribute("id")!;
            string version = (string)one.Attribute("version")!;
            if (name.StartsWith("Reactor", StringComparison.Ordinal))
            {
                Assert.That(version, Is.EqualTo($"[{PackedRepository.Version}]"), name);
                Assert.That((string?)one.Attribute("exclude"), Is.EqualTo("Build"), name);
            }
            else
            {
                // Options has no abstractions of its own.
                Assert.That(name, Does.Match(
                    @"^Microsoft\.Extensions\.(\w+\.Abstractions|Options)$"));
            }
        }
    }

    [TestCase("Reactor", "Microsoft.Extensions.Logging.Abstractions")]
    [TestCase("Reactor.Http", "Reactor")]
    [TestCase("Reactor.Http.OpenApi", "Reactor.Http")]
    [TestCase("Reactor.Http.Testing", "Reactor.Http")]
    [TestCase("Reactor.Inspector", "Reactor.Http")]
    public void A_package_has_one_dependency(string id, string dependency) => Assert.That(
        PackedRepository.ReadMetadata(id).Descendants("dependency")
            .Select(one => (string)one.Attribute("id")!),
        Is.EqualTo(new[] { dependency }));

    [Test]
    public void The_host_depends_on_the_server() => Assert.That(
        PackedRepository.ReadMetadata("Reactor.Hosting").Descendants("dependency")
            .Select(one => (string)one.Attribute("id")!),
        Does.Contain("Reactor.Http"));

    private static bool IsOfNuGet(string name) => name.EndsWith(".nuspec", StringComparison.Ordinal)
        || name.StartsWith("_rels/", StringComparison.Ordinal)
        || name.StartsWith("package/", StringComparison.Ordinal)
        || name == "[Content_Types].xml";
}

using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Reactor.Testing;

namespace Packages.Tests;

/// <summary>A service made by <c>dotnet new reactor</c> passes its tests, and serves.</summary>
[TestFixture]
[Category("Slow")]
public sealed partial class TemplateTests
{
    // Files have the name as it is; a name in code would have another form.
    private const string Name = "my-shop";

    private string _shop = null!;

    [OneTimeSetUp]
    public void Make()
    {
        string folder = PackedRepository.CreateFolder("template");
        // The templates of the user stay as they are.
        string[] hive = ["--debug:custom-hive", Path.Combine(folder, "hive")];
        string package = Path.Combine(
            PackedRepository.Folder, $"Reactor.Templates.{PackedRepository.Version}.nupkg");
        Dotnet.Run(folder, ["new", "install", package, .. hive]);
        Dotnet.Run(folder, ["new", "reactor", "-n", Name, "--no-update-check", .. hive]);
        _shop = Path.Combine(folder, Name);
    }

    [Test]
    public void All_files_have_the_name_of_the_service_and_the_versions_of_the_build()
    {
        Assert.That(
            Directory.EnumerateFiles(_shop, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(_shop, file))
                .Where(file => !file.Split('/').Any(part => part is "bin" or "obj")),
            Is.EquivalentTo(new[]
            {
                ".gitignore", "Directory.Packages.props", "README.md",
                "my-shop.slnx", "my-shop/OrderService.cs", "my-shop/Program.cs",
                "my-shop/my-shop.csproj", "my-shop.Tests/OrderServiceTests.cs",
                "my-shop.Tests/my-shop.Tests.csproj",
            }));
        string versions = File.ReadAllText(Path.Combine(_shop, "Directory.Packages.props"));
        Assert.That(versions, Does.Contain(
            $"""Include="Reactor.Http" Version="{PackedRepository.Version}" """.TrimEnd()));
        Assert.That(Pinned().Count(versions), Is.EqualTo(5));
    }

    [Test]
    public async Task Its_tests_pass_and_it_serves_until_a_signal()
    {
        string output = Dotnet.Run(_shop, "test", "-p:TreatWarningsAsErrors=true");
        Assert.That(output, Does.Match(@"Failed:\s+0, Passed:\s+6,"));

        using ChildProcess service = ChildProcess.Start(
            Path.Combine(_shop, "my-shop/bin/Debug/net10.0/my-shop"), "0");
        Match line = Address().Match(service.ReadLine());
        Assert.That(line.Success);
        using var client = new HttpClient { BaseAddress = new Uri(line.Value) };
        using HttpResponseMessage placed = await client.PostAsJsonAsync(
            "/orders", new { product = "tea", count = 2 });
        Assert.That((int)placed.StatusCode, Is.EqualTo(201));
        Assert.That(
            await client.GetStringAsync(new Uri("/orders/1", UriKind.Relative)),
            Is.EqualTo("""{"id":1,"product":"tea","count":2}"""));
        service.Signal("TERM");
        Assert.That(service.WaitForExit(), Is.Zero);
    }

    [GeneratedRegex(@"<PackageVersion Include=""[\w.]+"" Version=""\d[^""]*"" />")]
    private static partial Regex Pinned();

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();
}

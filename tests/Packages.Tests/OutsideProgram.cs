using System.Xml.Linq;
using Reactor.Testing;

namespace Packages.Tests;

/// <summary>
/// A project outside of the repository that installs every package; built once. The linker checks
/// the whole code of the packages, not only what the program uses.
/// </summary>
internal static class OutsideProgram
{
    private static readonly Lazy<string> s_folder = new(Build);

    /// <summary>The folder of the project.</summary>
    public static string Folder => s_folder.Value;

    /// <summary>The folder with the built program and the assemblies that it needs.</summary>
    public static string Output => Directory.EnumerateFiles(
        Path.Combine(Folder, "bin"), "outside.dll", SearchOption.AllDirectories)
        .Select(Path.GetDirectoryName).Single()!;

    /// <summary>Makes the project in a new folder, which is returned.</summary>
    public static string Create(string name)
    {
        string folder = PackedRepository.CreateFolder(name);
        File.Copy(
            Path.Combine(RepositoryFolder.Path, "tests/Packages.Tests/Outside/Program.cs"),
            Path.Combine(folder, "Program.cs"));
        File.WriteAllText(Path.Combine(folder, "outside.csproj"), Project());
        return folder;
    }

    private static string Build()
    {
        string folder = Create("outside");
        // Or the restore downloads the runtime of ASP.NET too.
        Dotnet.Run(
            folder, "build", "-c", "Release",
            "-p:DisableTransitiveFrameworkReferenceDownloads=true");
        return folder;
    }

    private static string Project() => $"""
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <Nullable>enable</Nullable>
            <ImplicitUsings>enable</ImplicitUsings>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <UseCurrentRuntimeIdentifier>true</UseCurrentRuntimeIdentifier>
            <SelfContained>true</SelfContained>
            <PublishTrimmed>true</PublishTrimmed>
            <TrimmerSingleWarn>false</TrimmerSingleWarn>
          </PropertyGroup>
          <ItemGroup>
            {string.Join('\n', PackageNames.Libraries.Select(Reference))}
            <PackageReference Include="Microsoft.Extensions.Hosting" Version="{HostVersion()}" />
          </ItemGroup>
        </Project>
        """;

    private static string Reference(string id) => $"""
        <PackageReference Include="{id}" Version="{PackedRepository.Version}" />
        <TrimmerRootAssembly Include="{id}" />
        """;

    // The version with which the repository tests its own package.
    private static string HostVersion() => XElement
        .Load(Path.Combine(RepositoryFolder.Path, "Directory.Packages.props"))
        .Descendants("PackageVersion")
        .Where(one => (string?)one.Attribute("Include") == "Microsoft.Extensions.Hosting")
        .Select(one => (string)one.Attribute("Version")!)
        .Single();
}

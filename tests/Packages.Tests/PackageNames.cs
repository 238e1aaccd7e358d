using Reactor.Testing;

namespace Packages.Tests;

/// <summary>
/// The names of the packages, from the folders: a new project of src is a package.
/// </summary>
internal static class PackageNames
{
    /// <summary>Those with an assembly. The analyzers are in the package of the loop.</summary>
    public static string[] Libraries { get; } = [.. Directory
        .EnumerateFiles(
            Path.Combine(RepositoryFolder.Path, "src"), "*.csproj",
            new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 })
        .Select(file => Path.GetFileNameWithoutExtension(file))
        .Where(id => id != "Reactor.Analyzers").Order(StringComparer.Ordinal)];

    /// <summary>All of them.</summary>
    public static string[] All { get; } = [.. Libraries, "Reactor.Templates"];
}

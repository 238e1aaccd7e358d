using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Packages.Tests;

/// <summary>The README in each package shows code that compiles against the packages.</summary>
[TestFixture]
[Category("Slow")]
public sealed partial class ReadmeTests
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly string[] s_all = PackageNames.All;

    private static IEnumerable<MetadataReference> References =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is { } name
                && (name.StartsWith("System.", StringComparison.Ordinal)
                    || name == "netstandard.dll"))
            .Concat(Directory.EnumerateFiles(OutsideProgram.Output, "*.dll")
                .Where(path => Path.GetFileName(path) is { } name
                    && (name.StartsWith("Reactor", StringComparison.Ordinal)
                        || name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal))))
            .Select(path => MetadataReference.CreateFromFile(path));

    [TestCaseSource(nameof(s_all))]
    public void Its_code_compiles(string id)
    {
        using ZipArchive package = PackedRepository.Open(id);
        using var reader = new StreamReader(package.GetEntry("README.md")!.Open());
        string readme = reader.ReadToEnd();
        Assert.That(readme, Does.StartWith($"# {id}\n"));
        string code = Code().Match(readme).Groups[1].Value;
        Assert.That(code, Is.Not.Empty);

        var options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Readme",
            [
                CSharpSyntaxTree.ParseText(ImplicitUsings, options),
                CSharpSyntaxTree.ParseText(code, options),
            ],
            References,
            new CSharpCompilationOptions(
                OutputKind.ConsoleApplication,
                nullableContextOptions: NullableContextOptions.Enable));
        Assert.That(
            compilation.GetDiagnostics().Where(one => one.Severity >= DiagnosticSeverity.Warning),
            Is.Empty);
    }

    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Code();
}

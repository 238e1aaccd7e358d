using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Reactor.Learn;

/// <summary>
/// Compiles answers and lessons in memory as `dotnet run` does it: C# 14, Release, nullable,
/// implicit usings. They may use the framework, Reactor, Reactor.Http and the public types of this
/// program. Any thread.
/// </summary>
internal static class SourceCompiler
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

    private static readonly CSharpParseOptions s_parse = CSharpParseOptions.Default
        .WithLanguageVersion(LanguageVersion.CSharp14)
        .WithPreprocessorSymbols("RELEASE", "NET", "NET10_0", "NET10_0_OR_GREATER")
        .WithFeatures([new("FileBasedProgram", "true")]);

    // No lesson uses them, and each reference that is opened and read takes time.
    private static readonly string[] s_unneeded =
        ["Microsoft.VisualBasic", "System.Data", "System.Private.DataC", "System.Private.Xml",
         "System.ServiceModel", "System.Transactions", "System.Web", "System.Windows", "System.Xml",
         "WindowsBase", "mscorlib", "netstandard"];

    private static readonly SyntaxTree s_usings = Parse(new Source("Usings.cs", ImplicitUsings));

    private static readonly EmitOptions s_emit =
        new(debugInformationFormat: DebugInformationFormat.PortablePdb);

    private static readonly Lazy<IReadOnlyList<MetadataReference>> s_references =
        new(() => [.. ReferenceFiles().Select(file => MetadataReference.CreateFromFile(file))]);

    /// <summary>Parses a file; trees can be shared by several compilations.</summary>
    public static SyntaxTree Parse(Source source) => CSharpSyntaxTree.ParseText(
        SourceText.From(source.Text, System.Text.Encoding.UTF8), s_parse, source.Path);

    /// <summary>Compiles a library from files.</summary>
    public static CompileOutcome CompileLibrary(string name, params IEnumerable<Source> files) =>
        Compile(name, OutputKind.DynamicallyLinkedLibrary, files.Select(Parse));

    /// <summary>Compiles a program with top-level statements.</summary>
    public static CompileOutcome CompileProgram(string name, params IEnumerable<Source> files) =>
        Compile(name, OutputKind.ConsoleApplication, files.Select(Parse));

    public static CompileOutcome Compile(
        string name, OutputKind kind, IEnumerable<SyntaxTree> trees)
    {
        var options = new CSharpCompilationOptions(
            kind,
            optimizationLevel: OptimizationLevel.Release,
            allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Enable,
            deterministic: true,
            warningLevel: 0,
            reportSuppressedDiagnostics: false);
        CSharpCompilation compilation = CSharpCompilation.Create(
            name, [.. trees, s_usings], s_references.Value, options);
        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        EmitResult result = compilation.Emit(assembly, symbols, options: s_emit);
        return result.Success
            ? new CompileOutcome(new CompiledCode(assembly.ToArray(), symbols.ToArray()), [])
            : new CompileOutcome(null, Errors(result.Diagnostics));
    }

    private static CompileError[] Errors(ImmutableArray<Diagnostic> diagnostics) =>
    [
        .. diagnostics.Where(one => one.Severity == DiagnosticSeverity.Error)
            .OrderBy(one => one.Location.GetLineSpan().Path, StringComparer.Ordinal)
            .ThenBy(one => one.Location.SourceSpan.Start)
            .Select(ToError),
    ];

    private static CompileError ToError(Diagnostic diagnostic)
    {
        FileLinePositionSpan place = diagnostic.Location.GetLineSpan();
        LinePosition start = place.StartLinePosition;
        string line = diagnostic.Location.SourceTree?.GetText().Lines[start.Line].ToString() ?? "";
        return new CompileError(
            place.Path ?? "", start.Line + 1, start.Character + 1, diagnostic.Id,
            diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), line);
    }

    // Of the assemblies of this process: the framework and our own, not the compiler and the other
    // packages.
    private static IEnumerable<string> ReferenceFiles()
    {
        string trusted = (string?)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") ?? "";
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        return trusted.Split(Path.PathSeparator)
            .Where(file => IsNeeded(Path.GetFileNameWithoutExtension(file))
                && (Path.GetDirectoryName(file) == framework || IsOurs(file)));
    }

    private static bool IsNeeded(string name) => !s_unneeded.Any(
        start => name.StartsWith(start, StringComparison.Ordinal));

    private static bool IsOurs(string file) => Path.GetFileNameWithoutExtension(file)
        is "learn" or "Reactor" or "Reactor.Http" or "Microsoft.Extensions.Logging.Abstractions";
}

// The sources of the protocol room, changed, compiled and loaded.
//
// The sources and the driver that stands between them and `IWireParser` lie beside the test. All of
// them are parsed once; an edit replaces one tree. The assembly is loaded into a context of its
// own, which is unloaded with it.
using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Reactor.Testing;

namespace Reactor.Http.Tests.Proof;

internal sealed class ParserBuild
{
    private const string Usings = "global using System; global using System.Collections.Generic;"
        + "global using System.IO; global using System.Linq; global using System.Threading;";

    private static readonly CSharpParseOptions s_options =
        CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.CSharp14);

    private readonly Dictionary<string, SyntaxTree> _trees = [];
    private readonly CSharpCompilation _compilation;

    public ParserBuild()
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "ParserSources");
        foreach (string file in Directory.GetFiles(folder, "*.cs"))
        {
            _trees.Add(Path.GetFileName(file), Parse(File.ReadAllText(file), file));
        }

        // Everything but the parser itself: its types come from the sources alone.
        string trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        var references = trusted.Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) != "Reactor.Http.dll")
            .Select(path => MetadataReference.CreateFromFile(path));
        _compilation = CSharpCompilation.Create(
            "Parser",
            [Parse(Usings, "Usings.cs"), .. _trees.Values],
            references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary,
                optimizationLevel: OptimizationLevel.Release,
                nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>Compiles with one edit, lends a parser to the action, and unloads.</summary>
    public void Use(PlantedBug? bug, Action<IWireParser> action)
    {
        var context = new AssemblyLoadContext("parser", isCollectible: true);
        try
        {
            using var image = new MemoryStream();
            var result = (bug is null ? _compilation : Edited(bug)).Emit(image);
            if (!result.Success)
            {
                throw new InvalidOperationException(
                    $"{bug?.Name}: does not compile: "
                    + result.Diagnostics.First(one => one.Severity == DiagnosticSeverity.Error));
            }

            image.Position = 0;
            Assembly assembly = context.LoadFromStream(image);
            Type type = assembly.GetType(typeof(WireParser).FullName!, throwOnError: true)!;
            action((IWireParser)Activator.CreateInstance(type)!);
        }
        finally
        {
            context.Unload();
        }
    }

    /// <summary>The source of a file with an edit.</summary>
    /// <exception cref="InvalidOperationException">The old text is not there once.</exception>
    public CSharpCompilation Edited(PlantedBug bug)
    {
        if (!_trees.TryGetValue(bug.File, out SyntaxTree? tree))
        {
            throw new InvalidOperationException($"{bug.Name}: there is no file {bug.File}.");
        }

        string source = tree.ToString();
        int at = source.IndexOf(bug.Old, StringComparison.Ordinal);
        if (at < 0 || source.IndexOf(bug.Old, at + 1, StringComparison.Ordinal) >= 0)
        {
            throw new InvalidOperationException(
                $"{bug.Name}: {bug.File} has {(at < 0 ? "no" : "more than one")} place with\n"
                + $"{bug.Old}\nThe code has changed: plant the mistake anew.");
        }

        string edited = source.Replace(bug.Old, bug.New, StringComparison.Ordinal);
        return _compilation.ReplaceSyntaxTree(tree, Parse(edited, tree.FilePath));
    }

    private static SyntaxTree Parse(string text, string path) =>
        CSharpSyntaxTree.ParseText(text.ReplaceLineEndings("\n"), s_options, path);
}

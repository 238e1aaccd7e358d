// Compiles source text in memory, for its symbols only: nothing is emitted, nothing is loaded. A
// later project sees the sources of an earlier one, so that every name leads back to the file that
// declares it. The framework and the packages come from the test host's own list of assemblies.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Repository.Tests.Rooms;

public static class SourceCompilation
{
    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Reactor.Http")]
        [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Reactor.Http.Testing")]
        [assembly: System.Runtime.CompilerServices.InternalsVisibleTo("Reactor.Hosting")]
        """;

    private static readonly MetadataReference[] s_outside = OutsideAssemblies();

    /// <summary>The framework and the packages, without any assembly of ours.</summary>
    public static IReadOnlyList<MetadataReference> Outside => s_outside;

    public static CSharpCompilation Compile(
        string name, IEnumerable<SourceFile> files, params CSharpCompilation[] references)
    {
        SourceFile usings = new("implicit usings", ImplicitUsings);
        return CSharpCompilation.Create(
            name,
            files.Append(usings).Select(file => file.Tree),
            [.. s_outside, .. references.Select(earlier => earlier.ToMetadataReference())],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }

    /// <summary>
    /// Names that the compiler cannot lead to a type: there the table cannot be checked.
    /// </summary>
    public static IEnumerable<Finding> Unresolved(CSharpCompilation compilation) =>
        compilation.GetDiagnostics()
            .Where(diagnostic => diagnostic.Id is "CS0246" or "CS0234")
            .Select(diagnostic => diagnostic.Location.GetLineSpan() is var span
                ? new Finding(span.Path, span.StartLinePosition.Line + 1, diagnostic.GetMessage())
                : throw new InvalidOperationException());

    private static MetadataReference[] OutsideAssemblies()
    {
        string list = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return list.Split(Path.PathSeparator)
            .Where(path => !IsOurs(Path.GetFileNameWithoutExtension(path)))
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
            .ToArray();
    }

    // Ours are compiled from their sources; a second copy of each type would be ambiguous.
    private static bool IsOurs(string assembly) =>
        assembly is "Reactor" or "Reactor.Http" or "Reactor.Http.OpenApi" or "Reactor.Http.Testing"
            or "Reactor.Inspector" or "Reactor.Hosting" or "Reactor.Testing" or "Repository.Tests";
}

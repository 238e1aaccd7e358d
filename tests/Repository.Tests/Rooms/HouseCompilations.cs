// The projects that the table of rooms and the graph of files look at, compiled once for all tests.

using Microsoft.CodeAnalysis.CSharp;

namespace Repository.Tests.Rooms;

public static class HouseCompilations
{
    private static readonly Lazy<CSharpCompilation> s_reactor =
        new(() => Compile("Reactor", "src/Reactor"));

    private static readonly Lazy<CSharpCompilation> s_http =
        new(() => Compile("Reactor.Http", "src/Reactor.Http", Reactor));

    private static readonly Lazy<CSharpCompilation> s_inspector =
        new(() => Compile("Reactor.Inspector", "src/Reactor.Inspector", Reactor, Http));

    private static readonly Lazy<CSharpCompilation> s_testing =
        new(() => Compile("Reactor.Http.Testing", "src/Reactor.Http.Testing", Reactor, Http));

    private static readonly Lazy<CSharpCompilation> s_hosting =
        new(() => Compile("Reactor.Hosting", "src/Reactor.Hosting", Reactor, Http));

    private static readonly Lazy<CSharpCompilation> s_openApi =
        new(() => Compile("Reactor.Http.OpenApi", "src/Reactor.Http.OpenApi", Reactor, Http));

    public static CSharpCompilation Reactor => s_reactor.Value;

    public static CSharpCompilation Http => s_http.Value;

    public static CSharpCompilation Inspector => s_inspector.Value;

    public static CSharpCompilation Testing => s_testing.Value;

    public static CSharpCompilation Hosting => s_hosting.Value;

    public static CSharpCompilation OpenApi => s_openApi.Value;

    /// <summary>Compiles the files of a folder on top of earlier projects.</summary>
    public static CSharpCompilation Compile(
        string name, string folder, params CSharpCompilation[] references) =>
        SourceCompilation.Compile(
            name, RepositoryFiles.CSharp.Where(file => file.IsUnder(folder)), references);
}

// Holds each file to the table of rooms by what it uses (SymbolUses). A type of ours is judged by
// the room of the file that declares it, any other by its namespace.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Repository.Tests.Rooms;

public static class ReferenceChecker
{
    public static IEnumerable<Finding> Check(CSharpCompilation compilation) =>
        compilation.SyntaxTrees.AsParallel().AsOrdered()
            .SelectMany(tree => CheckTree(compilation, tree));

    private static IEnumerable<Finding> CheckTree(CSharpCompilation compilation, SyntaxTree tree)
    {
        if (RoomTable.RoomOf(tree.FilePath) is not { } name)
        {
            return [];
        }

        return RoomTable.Find(name) is { } room
            ? CheckTree(compilation.GetSemanticModel(tree), room)
            : [new(tree.FilePath, 1, $"'{name}' is no room of docs/architecture.md: "
                + "put the file into one, or give the new room its row in the table")];
    }

    private static IEnumerable<Finding> CheckTree(SemanticModel model, Room room)
    {
        foreach (UsingDirectiveSyntax directive in
            model.SyntaxTree.GetRoot().DescendantNodes().OfType<UsingDirectiveSyntax>())
        {
            string space = directive.Name?.ToString() ?? "";
            ISymbol? opened = model.GetSymbolInfo(directive.NamespaceOrType).Symbol;
            if (opened is INamespaceSymbol && !IsOurs(space) && !room.AllowsOutside(space, ""))
            {
                yield return new(model.SyntaxTree.FilePath, LineOf(directive),
                    $"{room.Name} uses the namespace {space}, {Allowed(room)}");
            }
        }
        foreach (SymbolUse use in SymbolUses.In(model))
        {
            if (Judge(use.Symbol, room) is { } complaint)
            {
                yield return new(model.SyntaxTree.FilePath, LineOf(use.Node), complaint);
            }
        }
    }

    private static string? Judge(ISymbol symbol, Room room)
    {
        INamedTypeSymbol? type = SymbolUses.OutermostType(symbol);
        if (type is null)
        {
            return null;
        }
        string what = symbol is ITypeSymbol ? type.Name : $"{type.Name}.{symbol.Name}";
        string[] paths = SymbolUses.SourcePaths(symbol);
        if (paths.Length == 0)
        {
            string space = type.ContainingNamespace.ToDisplayString();
            return room.AllowsOutside(space, type.Name) ? null
                : $"{room.Name} uses {what} of {space}, {Allowed(room)}";
        }
        string?[] homes = paths.Select(RoomTable.RoomOf).Distinct().ToArray();
        return homes.Any(home => home is null || room.MayUse(home))
            ? null
            : $"{room.Name} uses {what} of {homes[0]}, {Allowed(room)}";
    }

    private static string Allowed(Room room)
    {
        string rooms = room.Uses.Length == 0 ? "no other room" : string.Join(", ", room.Uses);
        string only = room.OnlyOutside.Length == 0 ? ""
            : "; of the outside only " + string.Join(", ", room.OnlyOutside);
        string never = room.NeverOutside.Length == 0 ? ""
            : "; never " + string.Join(", ", room.NeverOutside);
        return $"the table allows it {rooms}{only}{never}";
    }

    // Our namespaces span rooms, so a using of one says nothing; the types that it brings do.
    private static bool IsOurs(string space) =>
        space == "Reactor" || space.StartsWith("Reactor.", StringComparison.Ordinal);

    private static int LineOf(SyntaxNode node) =>
        node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;
}

// Holds each file to the table of rooms by what its names mean, not by how they are spelled: a
// member reached through `var`, an extension method and an implicit `new()` count as uses of the
// file that declares them. Names in comments and documentation are no uses. A type of ours is
// judged by the room of the file that declares it, any other by its namespace.

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
        // One finding for each symbol is enough: the tenth use is repaired with the first.
        HashSet<ISymbol> seen = new(SymbolEqualityComparer.Default);
        SyntaxNode root = model.SyntaxTree.GetRoot();
        foreach (UsingDirectiveSyntax directive in
            root.DescendantNodes().OfType<UsingDirectiveSyntax>())
        {
            string space = directive.Name?.ToString() ?? "";
            ISymbol? opened = model.GetSymbolInfo(directive.NamespaceOrType).Symbol;
            if (opened is INamespaceSymbol && !IsOurs(space) && !room.AllowsOutside(space, ""))
            {
                yield return new(model.SyntaxTree.FilePath, LineOf(directive),
                    $"{room.Name} uses the namespace {space}, {Allowed(room)}");
            }
        }
        foreach (SyntaxNode node in root.DescendantNodes())
        {
            foreach (ISymbol symbol in SymbolsOf(model, node))
            {
                if (symbol is not (INamespaceSymbol or ITypeParameterSymbol) && seen.Add(symbol)
                    && Judge(symbol, room) is { } complaint)
                {
                    yield return new(model.SyntaxTree.FilePath, LineOf(node), complaint);
                }
            }
        }
    }

    private static IEnumerable<ISymbol> SymbolsOf(SemanticModel model, SyntaxNode node)
    {
        switch (node)
        {
            case AwaitExpressionSyntax await:
                return Present(model.GetAwaitExpressionInfo(await).GetAwaiterMethod);
            case ForEachStatementSyntax loop:
                return Present(model.GetForEachStatementInfo(loop).GetEnumeratorMethod);
            case SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax:
                SymbolInfo info = model.GetSymbolInfo(node);
                // An internal member seen from the next project is a candidate, yet it is a use.
                return info.Symbol is { } one ? [one] : info.CandidateSymbols.Take(1);
            default:
                return [];
        }
    }

    private static string? Judge(ISymbol symbol, Room room)
    {
        INamedTypeSymbol? type = OutermostType(symbol);
        if (type is null)
        {
            return null;
        }
        string what = symbol is ITypeSymbol ? type.Name : $"{type.Name}.{symbol.Name}";
        string[] paths = SourcePaths(symbol) is { Length: > 0 } own ? own : SourcePaths(type);
        if (paths.Length == 0)
        {
            string space = type.ContainingNamespace.ToDisplayString();
            return room.AllowsOutside(space, type.Name) ? null
                : $"{room.Name} uses {what} of {space}, {Allowed(room)}";
        }
        string?[] homes = paths.Select(RoomTable.RoomOf).Distinct().ToArray();
        return homes.Any(home => home is null || home == room.Name || room.Uses.Contains(home))
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

    private static INamedTypeSymbol? OutermostType(ISymbol symbol)
    {
        // An array or a pointer has no home of its own; its element is a name and met as such.
        ISymbol? at = symbol is ITypeSymbol and not INamedTypeSymbol ? null : symbol;
        INamedTypeSymbol? outermost = null;
        for (; at is not null and not INamespaceSymbol; at = at.ContainingSymbol)
        {
            outermost = at as INamedTypeSymbol ?? outermost;
        }
        return outermost;
    }

    private static string[] SourcePaths(ISymbol symbol) =>
        symbol.OriginalDefinition.DeclaringSyntaxReferences
            .Select(reference => reference.SyntaxTree.FilePath).Distinct().ToArray();

    // Our namespaces span rooms, so a using of one says nothing; the types that it brings do.
    private static bool IsOurs(string space) =>
        space == "Reactor" || space.StartsWith("Reactor.", StringComparison.Ordinal);

    private static int LineOf(SyntaxNode node) =>
        node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    private static IEnumerable<ISymbol> Present(ISymbol? symbol) => symbol is null ? [] : [symbol];
}

// Which symbols a file uses, by meaning and not by spelling: a member reached through `var`, an
// extension method, an implicit `new()`, the awaiter of an `await`, the enumerator of a `foreach`.
// Names in comments and documentation do not count. Pure; any thread.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Repository.Tests.Rooms;

/// <summary>A symbol, and the node that uses it.</summary>
public readonly record struct SymbolUse(SyntaxNode Node, ISymbol Symbol);

public static class SymbolUses
{
    /// <summary>Each symbol once, at its first use in the file of the model.</summary>
    public static IEnumerable<SymbolUse> In(SemanticModel model)
    {
        HashSet<ISymbol> seen = new(SymbolEqualityComparer.Default);
        return
            from node in model.SyntaxTree.GetRoot().DescendantNodes()
            from symbol in Of(model, node)
            where symbol is not (INamespaceSymbol or ITypeParameterSymbol) && seen.Add(symbol)
            select new SymbolUse(node, symbol);
    }

    /// <summary>
    /// The files that declare the symbol itself, or its outermost type where it is implicit; empty
    /// for a symbol of another library.
    /// </summary>
    public static string[] SourcePaths(ISymbol symbol)
    {
        string[] own = Declarations(symbol);
        return own.Length > 0 || OutermostType(symbol) is not { } type ? own : Declarations(type);
    }

    /// <summary>The type that holds the symbol, not nested in another; null without one.</summary>
    public static INamedTypeSymbol? OutermostType(ISymbol symbol)
    {
        // An array or a pointer is declared nowhere; its element has a node of its own.
        ISymbol? at = symbol is ITypeSymbol and not INamedTypeSymbol ? null : symbol;
        INamedTypeSymbol? outermost = null;
        for (; at is not null and not INamespaceSymbol; at = at.ContainingSymbol)
        {
            outermost = at as INamedTypeSymbol ?? outermost;
        }
        return outermost;
    }

    private static IEnumerable<ISymbol> Of(SemanticModel model, SyntaxNode node)
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
                return info.Symbol is { } symbol ? [symbol] : info.CandidateSymbols.Take(1);
            default:
                return [];
        }
    }

    private static string[] Declarations(ISymbol symbol) =>
        ((symbol as IMethodSymbol)?.ReducedFrom ?? symbol).OriginalDefinition
            .DeclaringSyntaxReferences
            .Select(reference => reference.SyntaxTree.FilePath).Distinct().ToArray();

    private static IEnumerable<ISymbol> Present(ISymbol? symbol) => symbol is null ? [] : [symbol];
}

using Microsoft.CodeAnalysis;

namespace Reactor.Analyzers;

/// <summary>The types of the library that the rules speak of. Immutable; any thread.</summary>
internal sealed class ReactorTypes(INamedTypeSymbol coroutine, Compilation compilation)
{
    /// <summary>Null for a compilation that does not know the library.</summary>
    public static ReactorTypes? Of(Compilation compilation) =>
        compilation.GetTypeByMetadataName("Reactor.ICoroutine") is { } coroutine
            ? new ReactorTypes(coroutine, compilation)
            : null;

    /// <summary>
    /// True for a coroutine, also for one that a conditional access made nullable.
    /// </summary>
    public bool IsCoroutine(ITypeSymbol? type)
    {
        if (type?.OriginalDefinition.SpecialType == SpecialType.System_Nullable_T)
        {
            type = ((INamedTypeSymbol)type).TypeArguments[0];
        }

        return type is { TypeKind: TypeKind.Struct }
            && type.AllInterfaces.Contains(coroutine, SymbolEqualityComparer.Default);
    }

    /// <summary>True for a type of the library's own assemblies.</summary>
    public static bool IsOurs(ITypeSymbol? type) =>
        type?.ContainingAssembly.Name is "Reactor" or "Reactor.Http";

    /// <summary>True for the type with this name.</summary>
    public bool Is(ITypeSymbol? type, string metadataName) =>
        SymbolEqualityComparer.Default.Equals(
            type?.OriginalDefinition, compilation.GetTypeByMetadataName(metadataName));
}

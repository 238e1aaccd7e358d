// Rule: the name of a method that can be awaited ends in `Async`. asyncio's and .NET's own names
// stay as they are on the loop and in the combinators, because readers know them; so do conversions
// and factories, which hand out a task or a future.

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Repository.Tests.Rooms;

namespace Repository.Tests;

public static class AsyncNames
{
    private const string Suffix = "Async";

    private static readonly string[] s_known =
    [
        // asyncio: create_task, create_server, to_thread, shield …
        "CreateTask", "CreateFuture", "CreateServer", "CreateConnection", "StartServer", "Ensure",
        "RunInExecutor", "ToThread", "StaggeredRace", "Shield", "Run", "RunUntil", "Wait",
        // concurrent.futures
        "Submit", "SubmitTo",
        // .NET, and what stands beside it
        "Delay", "Yield", "WhenAll", "WhenAllSettled", "WhenEach", "Spawn",
        // conversions and factories
        "AsTask", "AsCoroutine", "OnLoop", "Create", "Start", "StartTask", "TaskOf", "Of", "All",
        "Settled",
    ];

    public static IEnumerable<Finding> Check(CSharpCompilation compilation) =>
        from type in TypesIn(compilation.Assembly.GlobalNamespace)
        from method in type.GetMembers().OfType<IMethodSymbol>()
        where method.MethodKind == MethodKind.Ordinary && !method.IsImplicitlyDeclared
            && method.DeclaredAccessibility != Accessibility.Private
            && method.Name != WellKnownMemberNames.GetAwaiter
            && !method.Name.EndsWith(Suffix, StringComparison.Ordinal)
            && IsAwaitable(method.ReturnType) && !IsNamedElsewhere(method) && !IsKnown(method)
        let place = method.Locations[0].GetLineSpan()
        select new Finding(place.Path, place.StartLinePosition.Line + 1,
            $"{method.ContainingType.Name}.{method.Name} can be awaited: name it "
                + $"{method.Name}{Suffix}");

    private static bool IsAwaitable(ITypeSymbol? type)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (!type.GetMembers(WellKnownMemberNames.GetAwaiter).IsEmpty)
            {
                return true;
            }
        }
        return false;
    }

    // An override and the implementation of an interface have the name of what they replace.
    private static bool IsNamedElsewhere(IMethodSymbol method) =>
        method.IsOverride || method.ContainingType.AllInterfaces
            .SelectMany(face => face.GetMembers(method.Name))
            .Any(member => SymbolEqualityComparer.Default.Equals(
                method.ContainingType.FindImplementationForInterfaceMember(member), method));

    private static bool IsKnown(IMethodSymbol method) => s_known.Contains(method.Name)
        && RoomTable.RoomOf(method.Locations[0].GetLineSpan().Path)?.Split('/')[0]
            is "EventLoop" or "Coroutines" or "Combinators" or "Executors" or "Net";

    private static IEnumerable<INamedTypeSymbol> TypesIn(INamespaceOrTypeSymbol container) =>
        container.GetMembers().OfType<INamespaceOrTypeSymbol>()
            .SelectMany(member => TypesIn(member)
                .Concat(member is INamedTypeSymbol type ? [type] : []));
}

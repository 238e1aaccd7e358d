using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Reactor.Analyzers;

/// <summary>
/// Takes back the compiler's CS4014 ("is not awaited") for <c>Spawn(x);</c> and
/// <c>group.Spawn(x);</c>: a spawned task is made to run beside its creator. The loop keeps it, and
/// reports an exception that nothing fetched.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SpawnSuppressor : DiagnosticSuppressor
{
    /// <inheritdoc/>
    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions { get; } =
        [Rules.SpawnedTask];

    /// <inheritdoc/>
    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        if (ReactorTypes.Of(context.Compilation) is not { } types)
        {
            return;
        }

        foreach (Diagnostic diagnostic in context.ReportedDiagnostics)
        {
            if (CallAt(diagnostic.Location, context) is { TargetMethod: { Name: "Spawn" } method }
                && (types.Is(method.ContainingType, "Reactor.EventLoop")
                    || types.Is(method.ContainingType, "Reactor.TaskGroup")))
            {
                context.ReportSuppression(Suppression.Create(Rules.SpawnedTask, diagnostic));
            }
        }
    }

    private static IInvocationOperation? CallAt(
        Location location, SuppressionAnalysisContext context)
    {
        if (location.SourceTree is not { } tree)
        {
            return null;
        }

        SyntaxNode node = tree.GetRoot(context.CancellationToken)
            .FindNode(location.SourceSpan, getInnermostNodeForTie: true);
        IOperation? operation =
            context.GetSemanticModel(tree).GetOperation(node, context.CancellationToken);
        return (operation is IConditionalAccessOperation access ? access.WhenNotNull : operation)
            as IInvocationOperation;
    }
}

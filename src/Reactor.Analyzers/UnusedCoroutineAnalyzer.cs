using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Reactor.Analyzers;

/// <summary>
/// REACTOR001: a coroutine whose call is not used never runs. The compiler's CS4014 is a warning
/// and misses most calls in synchronous methods; here it is an error wherever it occurs. A discard
/// is no use either: <c>_ = Foo()</c> runs nothing.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class UnusedCoroutineAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Rules.UnusedCoroutine];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (ReactorTypes.Of(start.Compilation) is not { } types)
            {
                return;
            }

            start.RegisterOperationAction(
                operation => CheckStatement(operation, types), OperationKind.ExpressionStatement);
            start.RegisterOperationAction(
                operation => CheckLocal(operation, types), OperationKind.VariableDeclarator);
        });
    }

    private static void CheckStatement(OperationAnalysisContext context, ReactorTypes types)
    {
        IOperation value = ((IExpressionStatementOperation)context.Operation).Operation;
        if (value is ISimpleAssignmentOperation { Target: IDiscardOperation } discard)
        {
            value = discard.Value;
        }
        else if (value is IAssignmentOperation)
        {
            return; // a variable has the call now
        }

        if (types.IsCoroutine(value.Type))
        {
            Report(context, value);
        }
    }

    /// <summary>A local that is set and never read, which the compiler accepts as a use.</summary>
    private static void CheckLocal(OperationAnalysisContext context, ReactorTypes types)
    {
        var declarator = (IVariableDeclaratorOperation)context.Operation;
        if (!types.IsCoroutine(declarator.Symbol.Type) || declarator.Symbol.IsRef)
        {
            return;
        }

        List<IOperation> calls = [];
        if (declarator.GetVariableInitializer() is { } initializer)
        {
            calls.Add(initializer.Value);
        }

        IOperation root = declarator;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        foreach (IOperation operation in root.Descendants())
        {
            if (operation is not ILocalReferenceOperation reference
                || !SymbolEqualityComparer.Default.Equals(reference.Local, declarator.Symbol))
            {
                continue;
            }

            if (reference.Parent is ISimpleAssignmentOperation
                { Parent: IExpressionStatementOperation } assignment
                && assignment.Target == reference)
            {
                calls.Add(assignment.Value);
            }
            else
            {
                return; // it is read
            }
        }

        calls.ForEach(call => Report(context, call));
    }

    private static void Report(OperationAnalysisContext context, IOperation value) =>
        context.ReportDiagnostic(Diagnostic.Create(
            Rules.UnusedCoroutine, value.Syntax.GetLocation(), NameOf(value)));

    private static string NameOf(IOperation value) => value switch
    {
        IInvocationOperation { TargetMethod.MethodKind: not MethodKind.DelegateInvoke } call =>
            call.TargetMethod.Name,
        IConditionalAccessOperation access => NameOf(access.WhenNotNull),
        IConversionOperation conversion => NameOf(conversion.Operand),
        _ => value.Syntax.ToString(),
    };
}

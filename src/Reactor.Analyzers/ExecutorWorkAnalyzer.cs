using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Reactor.Analyzers;

/// <summary>
/// REACTOR002: a coroutine given to what runs functions on other threads, of the library and of
/// .NET. REACTOR003: an async lambda that becomes <c>async void</c> where the library takes it, or
/// a method that is <c>async void</c>. A lambda that returns a <c>Task</c> is awaited to its end
/// and is welcome.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ExecutorWorkAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } =
        [Rules.CoroutineOnExecutor, Rules.AsyncVoidCallback];

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            if (ReactorTypes.Of(start.Compilation) is { } types)
            {
                start.RegisterOperationAction(
                    operation => CheckCall(operation, types), OperationKind.Invocation);
                start.RegisterOperationAction(
                    CheckDelegate, OperationKind.DelegateCreation);
            }
        });
    }

    private static void CheckCall(OperationAnalysisContext context, ReactorTypes types)
    {
        var call = (IInvocationOperation)context.Operation;
        if (!IsExecutor(call.TargetMethod, types))
        {
            return;
        }

        foreach (IArgumentOperation argument in call.Arguments)
        {
            if (TakesCoroutineAsResult(argument.Parameter, types))
            {
                context.ReportDiagnostic(Diagnostic.Create(
                    Rules.CoroutineOnExecutor,
                    argument.Value.Syntax.GetLocation(),
                    call.TargetMethod.Name));
            }
        }
    }

    private static void CheckDelegate(OperationAnalysisContext context)
    {
        var made = (IDelegateCreationOperation)context.Operation;
        IMethodSymbol? function = made.Target switch
        {
            IAnonymousFunctionOperation lambda => lambda.Symbol,
            IMethodReferenceOperation reference => reference.Method,
            _ => null,
        };
        if (function is { IsAsync: true, ReturnsVoid: true }
            && TargetOf(made) is { } target
            && ReactorTypes.IsOurs(target.ContainingType))
        {
            context.ReportDiagnostic(Diagnostic.Create(
                Rules.AsyncVoidCallback, made.Syntax.GetLocation(), target.Name));
        }
    }

    /// <summary>
    /// The method, constructor, property or event that a delegate is given to, also as one of
    /// several choices.
    /// </summary>
    private static ISymbol? TargetOf(IOperation given) => given.Parent switch
    {
        IArgumentOperation { Parent: IInvocationOperation call } => call.TargetMethod,
        IArgumentOperation { Parent: IObjectCreationOperation creation } => creation.Constructor,
        IAssignmentOperation { Target: IMemberReferenceOperation member } => member.Member,
        IEventAssignmentOperation { EventReference: IEventReferenceOperation subject } =>
            subject.Event,
        IConditionalOperation or ICoalesceOperation or ISwitchExpressionOperation
            or ISwitchExpressionArmOperation or IConversionOperation or IParenthesizedOperation
            or IDelegateCreationOperation => TargetOf(given.Parent),
        _ => null,
    };

    private static bool IsExecutor(IMethodSymbol method, ReactorTypes types) => method.Name switch
    {
        "ToThread" or "RunInExecutor" or "Submit" =>
            types.Is(method.ContainingType, "Reactor.EventLoop"),
        "Run" => types.Is(method.ContainingType, "System.Threading.Tasks.Task"),
        "StartNew" => types.Is(method.ContainingType, "System.Threading.Tasks.TaskFactory")
            || types.Is(method.ContainingType, "System.Threading.Tasks.TaskFactory`1"),
        _ => false,
    };

    /// <summary>
    /// True where a function may return anything, or a task of anything, and that is a coroutine;
    /// an overload for coroutines names the type.
    /// </summary>
    private static bool TakesCoroutineAsResult(IParameterSymbol? parameter, ReactorTypes types) =>
        ResultOf(parameter?.OriginalDefinition) is ITypeParameterSymbol
        && types.IsCoroutine(ResultOf(parameter));

    private static ITypeSymbol? ResultOf(IParameterSymbol? parameter) =>
        (parameter?.Type as INamedTypeSymbol)?.DelegateInvokeMethod?.ReturnType switch
        {
            INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments.Length: 1 } task =>
                task.TypeArguments[0],
            var result => result,
        };
}

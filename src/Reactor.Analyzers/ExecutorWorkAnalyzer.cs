using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Reactor.Analyzers;

/// <summary>
/// REACTOR002: a coroutine given to an executor, of the library or of .NET. REACTOR003: an async
/// lambda that the library takes as <c>async void</c>, an <c>async void</c> method, or a callback
/// of the loop that drops a task. A lambda whose task is awaited is not reported.
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
                    operation => CheckDelegate(operation, types), OperationKind.DelegateCreation);
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
                    Rules.CoroutineOnExecutor, argument.Value.Syntax.GetLocation(),
                    call.TargetMethod.Name));
            }
        }
    }

    private static void CheckDelegate(OperationAnalysisContext context, ReactorTypes types)
    {
        var made = (IDelegateCreationOperation)context.Operation;
        IMethodSymbol? function = made.Target switch
        {
            IAnonymousFunctionOperation lambda => lambda.Symbol,
            IMethodReferenceOperation reference => reference.Method,
            _ => null,
        };
        if (function is { ReturnsVoid: true }
            && TargetOf(made) is { } target
            && (function.IsAsync
                ? ReactorTypes.IsOurs(target.ContainingType)
                : TakesCallback(target, types) && DropsTask(made.Target)))
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

    private static bool TakesCallback(ISymbol target, ReactorTypes types) => target.Name
        is "CallSoon" or "CallSoonThreadSafe" or "CallLater" or "CallAt" or "AddSignalHandler"
        && types.Is(target.ContainingType, "Reactor.EventLoop");

    // Of a lambda with a block the statements are meant: `{ _ = MethodAsync(); }` is the remedy.
    private static bool DropsTask(IOperation function) =>
        function is IAnonymousFunctionOperation lambda
        && lambda.Body.Operations.FirstOrDefault() is IExpressionStatementOperation
        {
            IsImplicit: true,
            Operation.Type: INamedTypeSymbol
            { Name: "Task" or "ValueTask", ContainingNamespace.Name: "Tasks" },
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

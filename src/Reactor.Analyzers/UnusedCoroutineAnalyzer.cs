using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace Reactor.Analyzers;

/// <summary>
/// REACTOR001: a coroutine whose call is not used never runs. The compiler's CS4014 is a warning
/// and misses most calls in synchronous methods; here it is an error wherever it occurs. A discard
/// is no use either: <c>_ = Foo()</c> runs nothing. Nor is the text of a call, or an
/// <c>object</c> that holds it: <c>Console.WriteLine(Foo())</c>.
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
            start.RegisterOperationAction(
                operation => CheckDeconstruction(operation, types),
                OperationKind.DeconstructionAssignment);
            start.RegisterOperationAction(
                operation => CheckValue(operation, types),
                OperationKind.Conversion,
                OperationKind.Interpolation,
                OperationKind.Invocation,
                OperationKind.IsPattern,
                OperationKind.IsType);
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
        if (types.IsCoroutine(declarator.Symbol.Type) && !declarator.Symbol.IsRef)
        {
            ReportUnread(context, declarator.Symbol, declarator.GetVariableInitializer()?.Value);
        }
    }

    /// <summary>
    /// <c>var (call, n) = (Foo(), 1)</c>: a part that is discarded, or declared and never read.
    /// Only of a call that was made here: a variable, a property or a queue still has the
    /// coroutine.
    /// </summary>
    private static void CheckDeconstruction(OperationAnalysisContext context, ReactorTypes types)
    {
        var deconstruction = (IDeconstructionAssignmentOperation)context.Operation;
        foreach (Part part in Part.Of(deconstruction))
        {
            if (!types.IsCoroutine(part.Target.Type))
            {
                continue;
            }

            IOperation? call = part.Value is { } value && IsMadeHere(value, types) ? value : null;
            if (part.Target is IDiscardOperation && call is not null)
            {
                Report(context, call);
            }
            else if (part.Declared is { } local)
            {
                ReportUnread(context, local, call);
            }
        }
    }

    // A method of the user that returns a tuple most likely calls what it returns in it. One of a
    // library, as Queue.Peek, or with any type as its result gives what was made elsewhere.
    private static bool IsMadeHere(IOperation value, ReactorTypes types) =>
        types.IsCoroutine(value.Type)
            ? IsCall(value)
            : value is IInvocationOperation
            {
                TargetMethod:
                {
                    MethodKind: MethodKind.Ordinary or MethodKind.LocalFunction,
                    OriginalDefinition:
                    { ReturnType.IsTupleType: true, DeclaringSyntaxReferences.IsEmpty: false },
                },
            };

    /// <summary>
    /// A call that becomes an object, a text or the subject of a test: none of them runs it.
    /// </summary>
    private static void CheckValue(OperationAnalysisContext context, ReactorTypes types)
    {
        IOperation? value = context.Operation switch
        {
            IConversionOperation conversion when IsBoxing(conversion) => conversion.Operand,
            IInterpolationOperation hole => hole.Expression,
            IInvocationOperation call when IsOfEveryObject(call.TargetMethod) => call.Instance,
            IInvocationOperation { TargetMethod.Name: "AppendFormatted" } hole =>
                hole.Arguments.FirstOrDefault()?.Value,
            IIsTypeOperation test => test.ValueOperand,
            IIsPatternOperation test when !DeclaresVariable(test.Pattern) => test.Value,
            _ => null,
        };
        if (value is not null && types.IsCoroutine(value.Type) && IsCall(value))
        {
            Report(context, value);
        }
    }

    // What is returned or yielded as an object is the caller's to run: a generator, a factory, the
    // lambda of Assert.Throws. What the library takes as an object it can run.
    private static bool IsBoxing(IConversionOperation conversion)
    {
        bool isObject = conversion.Type is { } target
            && (target.TypeKind == TypeKind.Dynamic || target.SpecialType
                is SpecialType.System_Object or SpecialType.System_ValueType);
        IOperation? user = conversion.Parent;
        while (user is IConditionalOperation or ICoalesceOperation or IConversionOperation
            or ISwitchExpressionArmOperation or ISwitchExpressionOperation)
        {
            user = user.Parent; // one of several choices
        }

        return isObject && user switch
        {
            IReturnOperation => false,
            IArgumentOperation { Parent: IInvocationOperation call } =>
                !ReactorTypes.IsOurs(call.TargetMethod.ContainingType),
            _ => true,
        };
    }

    private static bool IsOfEveryObject(IMethodSymbol method) => method is
    { Name: "ToString" or "Equals" or "GetHashCode" or "GetType", IsStatic: false };

    private static bool DeclaresVariable(IPatternOperation pattern) =>
        pattern.DescendantsAndSelf().Any(part => part
            is IDeclarationPatternOperation { DeclaredSymbol: not null }
            or IRecursivePatternOperation { DeclaredSymbol: not null });

    /// <summary>
    /// True for a call whose value is in no variable, from which it could still be awaited.
    /// </summary>
    private static bool IsCall(IOperation value) => value switch
    {
        IInvocationOperation or IConditionalAccessOperation => true,
        IConversionOperation conversion => IsCall(conversion.Operand),
        IParenthesizedOperation inner => IsCall(inner.Operand),
        IConditionalOperation choice =>
            IsCall(choice.WhenTrue) || (choice.WhenFalse is { } other && IsCall(other)),
        ICoalesceOperation choice => IsCall(choice.Value) || IsCall(choice.WhenNull),
        ISwitchExpressionOperation choice => choice.Arms.Any(arm => IsCall(arm.Value)),
        _ => false,
    };

    private static void ReportUnread(
        OperationAnalysisContext context, ILocalSymbol local, IOperation? initial)
    {
        List<IOperation> calls = initial is null ? [] : [initial];
        IOperation root = context.Operation;
        while (root.Parent is { } parent)
        {
            root = parent;
        }

        foreach (IOperation operation in root.Descendants())
        {
            if (operation is not ILocalReferenceOperation { IsDeclaration: false } reference
                || !SymbolEqualityComparer.Default.Equals(reference.Local, local))
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

    /// <summary>A variable on the left of a deconstruction, and what it gets.</summary>
    private readonly struct Part
    {
        private Part(IOperation target, IOperation? value)
        {
            Target = target is IDeclarationExpressionOperation declaration
                ? declaration.Expression : target;
            Value = value;
        }

        public IOperation Target { get; }

        /// <summary>Null in unfinished code, where the right side has too few.</summary>
        public IOperation? Value { get; }

        /// <summary>The local that is declared here, or null.</summary>
        public ILocalSymbol? Declared =>
            Target is ILocalReferenceOperation { IsDeclaration: true } reference
                ? reference.Local : null;

        public static IEnumerable<Part> Of(IDeconstructionAssignmentOperation deconstruction) =>
            Of(new Part(deconstruction.Target, deconstruction.Value));

        private static IEnumerable<Part> Of(Part whole)
        {
            if (whole.Target is not ITupleOperation targets)
            {
                return [whole];
            }

            IOperation? source = whole.Value;
            while (source is IConversionOperation conversion)
            {
                source = conversion.Operand;
            }

            // Without a tuple on the right, the whole of it is what each variable gets a part of.
            var values = source as ITupleOperation;
            return targets.Elements.SelectMany((target, i) => Of(new Part(
                target, values is null ? source : values.Elements.ElementAtOrDefault(i))));
        }
    }
}

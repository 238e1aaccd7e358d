using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Reactor.Analyzers;

namespace Analyzers.Tests;

/// <summary>
/// Compiles a statement of a user with the shipped analyzers and gives the ids of the errors.
/// </summary>
internal static class Snippet
{
    private const string Frame = """
        using System;
        using System.Collections.Generic;
        using System.Linq;
        using System.Runtime.InteropServices;
        using System.Threading.Tasks;
        using Reactor;

        class Program
        {
            Coroutine _field;
            static async Coroutine Foo() => await EventLoop.Yield();
            static async Coroutine<int> Number() { await EventLoop.Yield(); return 1; }
            static async Task PlainAsync() => await Task.Yield();
            static async Task<int> PlainNumber() { await Task.Yield(); return 1; }
            static void Plain() { }
            static void OfNumber(int number) { }
            static async Coroutine OfState(int state) => await EventLoop.Yield();
            static void Take(object any) { }
            static (Coroutine, int) Pair() => (Foo(), 1);
            static T Same<T>(T any) => any;
            (Coroutine, int) Kept { get; }
            Coroutine Member() => Foo();
            static void Callback(Action action) { }
            static async void Forget() => await Task.Yield();
            static async void Observe(Future done) => await Task.Yield();
            static async void Handle(EventLoop loop, LoopErrorContext error) => await Task.Yield();
            static void TakeAll(params object[] all) { }
            static Coroutine Call(Func<Coroutine> function) => function();

            METHOD
            {
                STATEMENT
            }
        }
        """;

    private static readonly ImmutableArray<DiagnosticAnalyzer> s_analyzers =
        [new UnusedCoroutineAnalyzer(), new ExecutorWorkAnalyzer(), new SpawnSuppressor()];

    private static readonly MetadataReference[] s_references =
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
        .Split(Path.PathSeparator)
        .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path))
        .ToArray();

    /// <summary>The ids that a statement in a synchronous method gets.</summary>
    public static string[] InSyncMethod(string statement) =>
        Check("void Use(EventLoop loop, IExecutor pool, TaskGroup group, Program it)", statement);

    /// <summary>The ids that a statement in a coroutine method gets.</summary>
    public static string[] InCoroutine(string statement) => Check(
        "async Coroutine Use(EventLoop loop, IExecutor pool, TaskGroup group, Program it)",
        "await EventLoop.Yield();" + statement);

    /// <summary>The ids that a whole method gets.</summary>
    public static string[] Check(string method, string statement) =>
        [.. Errors(method, statement).Select(one => one.Id).Order(StringComparer.Ordinal)];

    /// <summary>The messages that a whole method gets.</summary>
    public static string[] Messages(string method, string statement) =>
        [.. Errors(method, statement).Select(one => one.GetMessage(null))];

    private static IEnumerable<Diagnostic> Errors(string method, string statement)
    {
        var options = new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            generalDiagnosticOption: ReportDiagnostic.Error);
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Snippet",
            [CSharpSyntaxTree.ParseText(
                Frame.Replace("METHOD", method).Replace("STATEMENT", statement))],
            s_references,
            options.WithSpecificDiagnosticOptions(s_quiet));
        return compilation.WithAnalyzers(s_analyzers)
            .GetAllDiagnosticsAsync().GetAwaiter().GetResult()
            .Where(one => one is { IsSuppressed: false, Severity: DiagnosticSeverity.Error });
    }

    /// <summary>What the frame itself brings about, and what says nothing of coroutines.</summary>
    private static readonly Dictionary<string, ReportDiagnostic> s_quiet = new()
    {
        ["CS0169"] = ReportDiagnostic.Suppress,
        ["CS0649"] = ReportDiagnostic.Suppress,
        ["CS0414"] = ReportDiagnostic.Suppress,
        ["CS0219"] = ReportDiagnostic.Suppress,
        ["CS8019"] = ReportDiagnostic.Suppress,
        ["CS1701"] = ReportDiagnostic.Suppress,
        ["CS1702"] = ReportDiagnostic.Suppress,
    };
}

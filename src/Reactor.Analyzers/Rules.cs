using Microsoft.CodeAnalysis;

namespace Reactor.Analyzers;

/// <summary>
/// Every diagnostic of the library, with its text; docs/analyzers.md explains cause and remedy.
/// </summary>
internal static class Rules
{
    private const string Category = "Reactor";

    public static readonly DiagnosticDescriptor UnusedCoroutine = new(
        "REACTOR001",
        "A coroutine never runs",
        "The coroutine '{0}' never runs: a call runs nothing by itself. Await it, return it, or " +
        "make it a task with EventLoop.Spawn.",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor CoroutineOnExecutor = new(
        "REACTOR002",
        "A coroutine is given to an executor",
        "'{0}' would make the call on another thread and run nothing of it: a coroutine runs on " +
        "a loop. Make it a task with EventLoop.Spawn, or from another thread with loop.Submit.",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor AsyncVoidCallback = new(
        "REACTOR003",
        "The result of an async callback is dropped",
        "'{0}' drops the task of this async function: nothing can await it or fetch its " +
        "exception. Make it a task with loop.CreateTask or EventLoop.Spawn, from another thread " +
        "with loop.Submit; to drop a Task on purpose, write () => {{ _ = MethodAsync(); }}.",
        Category, DiagnosticSeverity.Error, isEnabledByDefault: true);

    public static readonly SuppressionDescriptor SpawnedTask = new(
        "REACTORS001",
        "CS4014",
        "A spawned task runs without being awaited; the loop keeps it and reports its exception.");
}

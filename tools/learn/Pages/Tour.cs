using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Reactor.Learn;

/// <summary>A stop of the tour: a type of the library, and the files that declare it.</summary>
/// <param name="Number">The lesson whose pages name it.</param>
/// <param name="Type">Its name without type parameters.</param>
/// <param name="Files">From the root; more than one if it is partial.</param>
internal sealed record TourStop(string Number, string Type, IReadOnlyList<string> Files);

/// <summary>
/// The tour of the library in the lessons 05 to 15: which files of src/Reactor the pages of each
/// lesson explain. Every type that they declare is named by a link to its file. Any thread.
/// </summary>
internal static class Tour
{
    private const string Source = "src/Reactor";

    /// <summary>
    /// The files by the number of the lesson; a name without an ending is a folder.
    /// </summary>
    public static IReadOnlyDictionary<string, string[]> Files { get; } =
        new SortedDictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["05"] = In("Scheduling", "LoopWork", "PlainCallback", "LoopHandle",
                "CoroutineScheduler", "LoopContext"),
            ["06"] = ["EventLoop.cs", "Scheduling/ReadyQueue.cs",
                .. In("Loop", "EventLoop.Scheduler", "PollPhase", "RunScope", "LoopMeter")],
            ["07"] = ["Timing", .. In("Scheduling", "TimerHandle", "DeadlineTimer"),
                "Loop/TurnTimers.cs"],
            ["08"] = ["Coroutines/Futures"],
            ["09"] = ["Coroutines/Generators.cs",
                .. In("Coroutines/Frames", "IGeneratorCall", "MoveNextMethod")],
            ["10"] = [.. In("Coroutines/Frames", "FrameStack", "CallTracking"),
                .. In("Coroutines/Tasks", "Trampoline", "EagerStep")],
            ["11"] = [.. In("Coroutines", "Coroutine", "CoroutineAwaiter",
                    "CoroutineMethodBuilder", "YieldAwaitable", "LoopTask"),
                .. In("Coroutines/Frames", "CoroutineFrame", "FramePool"),
                .. In("Scheduling", "TaskStep", "ILoopAwaiter", "AwaiterParking"),
                .. In("Coroutines/Tasks", "LoopTaskOfT", "ILoopTask")],
            ["14"] = In("Coroutines/Tasks", "CancelChain", "CancellationWatch",
                "TaskCancellation", "TaskTokens", "RareTaskState"),
            ["15"] = [.. In("Scheduling", "Mailbox", "MessageGate", "MessageKey", "ForeignAwait",
                    "ForeignWaits"),
                .. In("Coroutines", "ThreadBridge", "ThreadOutcome", "ThreadTaskFuture"),
                "Coroutines/Tasks/ForeignParking.cs"],
        };

    /// <summary>The stops of a lesson; files that do not exist have none.</summary>
    /// <param name="root">The folder of the repository.</param>
    /// <param name="number">Of the lesson.</param>
    public static IReadOnlyList<TourStop> Stops(string root, string number) =>
        !Files.TryGetValue(number, out string[]? entries)
            ? []
            : [.. entries.SelectMany(entry => FilesOf(root, entry))
                .SelectMany(file => TypesOf(Path.Combine(root, file)).Select(type => (type, file)))
                .GroupBy(pair => pair.type, pair => pair.file)
                .Select(group => new TourStop(number, group.Key, [.. group]))];

    /// <summary>What a page says too little: each type of its stops without a link.</summary>
    /// <param name="path">The page, from the root.</param>
    /// <param name="page">Its text.</param>
    /// <param name="reasons">The heading of the section that has the list.</param>
    /// <param name="stops">The types that it names.</param>
    public static IEnumerable<PageFinding> Check(
        string path, PageText page, string reasons, IReadOnlyList<TourStop> stops)
    {
        PageSection? section = page.Find(reasons);
        string[] lines = section is null ? [] : [.. page.LinesOf(section)];
        foreach (TourStop stop in stops)
        {
            string[] targets = [.. stop.Files.Select(
                file => Path.GetRelativePath(Path.GetDirectoryName(path)!, file)
                    .Replace('\\', '/'))];
            bool isLinked = lines.Any(
                line => targets.Any(target => Links(line, stop.Type, target)));
            if (!isLinked)
            {
                yield return new PageFinding(
                    path, (section?.First ?? 0) + 1,
                    $"the section '{reasons}' has no link [`{stop.Type}`]({targets[0]})");
            }
        }
    }

    /// <summary>True if a line has a link with the name of a type to a file.</summary>
    private static bool Links(string line, string type, string target) =>
        System.Text.RegularExpressions.Regex.IsMatch(
            line, $@"\[`{type}(<[^`]*>)?`\]\({System.Text.RegularExpressions.Regex.Escape(target)}"
                + @"(#[^)]*)?\)");

    private static string[] In(string folder, params IEnumerable<string> names) =>
        [.. names.Select(name => $"{folder}/{name}.cs")];

    private static IEnumerable<string> FilesOf(string root, string entry) =>
        !Path.Exists(Path.Combine(root, Source, entry)) ? []
            : entry.EndsWith(".cs", StringComparison.Ordinal) ? [$"{Source}/{entry}"]
            : Directory.EnumerateFiles(Path.Combine(root, Source, entry), "*.cs")
                .Order(StringComparer.Ordinal)
                .Select(file => $"{Source}/{entry}/{Path.GetFileName(file)}");

    private static IEnumerable<string> TypesOf(string file) =>
        CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetCompilationUnitRoot()
            .DescendantNodes(
                node => node is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
            .Select(node => node switch
            {
                BaseTypeDeclarationSyntax type => type.Identifier.Text,
                DelegateDeclarationSyntax type => type.Identifier.Text,
                _ => null,
            })
            .OfType<string>().Distinct();
}

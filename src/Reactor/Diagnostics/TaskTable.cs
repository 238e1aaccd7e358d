using System.Globalization;

namespace Reactor.Diagnostics;

/// <summary>
/// The unfinished tasks of a loop at one moment (asyncio: <c>python -m asyncio ps</c>). Immutable;
/// any thread.
/// </summary>
public sealed class TaskTable
{
    private static readonly string[] s_titles =
    [
        "thread", "task id", "task name", "coroutine stack", "awaiter chain", "awaiter name",
        "awaiter id",
    ];

    private TaskTable(IReadOnlyList<TaskRow> rows) => Rows = rows;

    /// <summary>A row for each task, oldest first.</summary>
    public IReadOnlyList<TaskRow> Rows { get; }

    /// <summary>The table with aligned columns; semicolons separate a task's awaiters.</summary>
    public string ToText()
    {
        string[][] lines = [s_titles, .. Rows.Select(CellsOf)];
        int[] widths = [
            .. Enumerable.Range(0, s_titles.Length)
                .Select(column => lines.Max(cells => cells[column].Length))];
        return string.Concat(lines.Select(cells =>
            string.Join("  ", cells.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd()
            + "\n"));
    }

    /// <summary>The table as CSV by RFC 4180, with titles.</summary>
    public string ToCsv() => string.Concat(
        Rows.Select(CellsOf).Prepend(s_titles)
            .Select(cells => string.Join(',', cells.Select(Quote)) + "\r\n"));

    /// <summary>The table as text.</summary>
    public override string ToString() => ToText();

    internal static TaskTable Of(AwaitGraph graph, int threadId)
    {
        Dictionary<Trampoline, IReadOnlyList<CallFrame>> stacks =
            graph.Tasks.ToDictionary(task => task, task => StackReader.Show(task));
        return new TaskTable([
            .. graph.Tasks.Select(task => new TaskRow
            {
                ThreadId = threadId,
                Id = task.Number,
                Name = NameOf(task),
                Stack = stacks[task],
                Awaiters =
                [
                    .. graph.AwaitersOf((Future)task.Owner).Select(awaiter =>
                        new TaskAwaiter(awaiter.Number, NameOf(awaiter), stacks[awaiter])),
                ],
            })]);
    }

    private static string NameOf(Trampoline task) => ((ILoopTask)task.Owner).Name;

    private static string[] CellsOf(TaskRow row) =>
    [
        Text(row.ThreadId),
        Text(row.Id),
        row.Name,
        CallFrame.Join(row.Stack),
        string.Join("; ", row.Awaiters.Select(awaiter => CallFrame.Join(awaiter.Stack))),
        string.Join("; ", row.Awaiters.Select(awaiter => awaiter.Name)),
        string.Join("; ", row.Awaiters.Select(awaiter => Text(awaiter.Id))),
    ];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string cell) => cell.AsSpan().ContainsAny(",\"\r\n")
        ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}

/// <summary>A task that waits for another one. Immutable; any thread.</summary>
/// <param name="Id">The number of the task on its loop.</param>
/// <param name="Name">The name of the task.</param>
/// <param name="Stack">The stack of the task, innermost frame first.</param>
public sealed record TaskAwaiter(long Id, string Name, IReadOnlyList<CallFrame> Stack);

/// <summary>A task as a row of a table. Immutable; any thread.</summary>
public sealed record TaskRow
{
    /// <summary>The managed id of the loop's thread; 0 if the loop does not run.</summary>
    public required int ThreadId { get; init; }

    /// <summary>The number of the task on its loop, from 1.</summary>
    public required long Id { get; init; }

    /// <summary>The name of the task.</summary>
    public required string Name { get; init; }

    /// <summary>The stack of the task, innermost frame first.</summary>
    public required IReadOnlyList<CallFrame> Stack { get; init; }

    /// <summary>The tasks that wait for this task, oldest first.</summary>
    public required IReadOnlyList<TaskAwaiter> Awaiters { get; init; }
}

namespace Reactor.Diagnostics;

/// <summary>
/// Tasks of which each waits for the next, and the last for the first: a deadlock. Nothing but a
/// cancellation, which a time-out may bring, can end it; that of a group which waits for a child
/// that waits for the group does not.
/// </summary>
/// <remarks>Loop thread only, as the tasks.</remarks>
public sealed class TaskCycle
{
    private TaskCycle(IReadOnlyList<ILoopTask> tasks) => Tasks = tasks;

    /// <summary>Each once, the oldest first, then the one that it waits for, and so on.</summary>
    public IReadOnlyList<ILoopTask> Tasks { get; }

    /// <summary>The names: <c>A → B → A</c>.</summary>
    public override string ToString() =>
        string.Join(" → ", Tasks.Append(Tasks[0]).Select(task => task.Name));

    internal static TaskCycle Of(IReadOnlyList<Trampoline> members)
    {
        Trampoline oldest = members.MinBy(task => task.Number)!;
        return new TaskCycle([
            .. members.SkipWhile(task => task != oldest)
                .Concat(members.TakeWhile(task => task != oldest))
                .Select(task => (ILoopTask)task.Owner)]);
    }
}

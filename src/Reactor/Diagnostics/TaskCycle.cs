namespace Reactor.Diagnostics;

/// <summary>
/// A deadlock: each task waits for the next, and the last for the first. Only a cancellation or a
/// time-out ends it, unless a group waits for a child that waits for the group. Loop thread only.
/// </summary>
public sealed class TaskCycle
{
    private TaskCycle(IReadOnlyList<ILoopTask> tasks) => Tasks = tasks;

    /// <summary>The oldest, then the task that it waits for, and so on.</summary>
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

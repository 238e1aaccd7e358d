using System.Text;

namespace Reactor;

/// <summary>
/// Describes what a loop runs: the task, its coroutine, and the texts of its objects (<see
/// cref="IWorkDescription"/>).
/// </summary>
/// <remarks>
/// Any thread. The loop thread may change the stack meanwhile: references are read whole, and the
/// walk is bounded.
/// </remarks>
internal static class BlockedWork
{
    private const int FramesMax = 64;

    /// <param name="step">The running step; null: a callback runs.</param>
    public static string Describe(TaskStep? step)
    {
        if (step is not FrameStack task)
        {
            return "a callback (debug mode tells which)";
        }

        var text = new StringBuilder(ShownText.OfRunning(task));
        CoroutineFrame? frame = task.Top;
        if (frame is not null)
        {
            text.Append(" in ").Append(frame.MethodName);
        }

        for (int i = 0; frame is not null && i < FramesMax; i++)
        {
            if (DescriptionOf(frame) is { Length: > 0 } description)
            {
                text.Append(", ").Append(description);
            }

            frame = frame.Parent;
        }

        return text.ToString();
    }

    /// <summary>
    /// The line from which the innermost coroutine of a running step runs: that of its last await,
    /// if that was in this method, else where the method begins. Reads symbol files.
    /// </summary>
    /// <param name="step">The running step.</param>
    /// <param name="resumedAt">The await that the step continues, as <c>file.cs:12</c>.</param>
    public static string? PlaceOf(TaskStep step, string? resumedAt)
    {
        if ((step as FrameStack)?.Top is not { } frame
            || SourcePlaces.LinesOf(frame.MachineType) is not { } lines)
        {
            return null;
        }

        string file = Path.GetFileName(lines.File);
        return resumedAt is not null
            && resumedAt.StartsWith(file + ":", StringComparison.Ordinal)
            && int.TryParse(resumedAt.AsSpan(file.Length + 1), out int line)
            && line >= lines.First && line <= lines.Last
                ? resumedAt : UserPlace.Name(file, lines.First);
    }

    private static string? DescriptionOf(CoroutineFrame frame)
    {
        try
        {
            return (frame.ReadThis() as IWorkDescription)?.DescribeWork();
        }
        catch (Exception)
        {
            return null; // the loop has continued, and the object is being changed
        }
    }
}

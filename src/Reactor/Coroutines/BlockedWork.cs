using System.Text;

namespace Reactor;

/// <summary>
/// What a loop runs at this moment, told by another thread: the task, the coroutine that runs, and
/// what the objects say in whose methods it runs (<see cref="IWorkDescription"/>).
/// </summary>
/// <remarks>
/// Any thread. The stack of frames is read while the loop thread may change it. That is safe: it
/// consists of references, which are read whole, and the walk is bounded. While the loop is
/// blocked, it does not change.
/// </remarks>
internal static class BlockedWork
{
    /// <summary>Frames that are read: a stack that changes meanwhile may have no end.</summary>
    private const int FramesMax = 64;

    /// <summary>The running step as text; without one, a callback runs.</summary>
    public static string Describe(TaskStep? step)
    {
        if (step is not Trampoline task)
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

    private static string? DescriptionOf(CoroutineFrame frame)
    {
        try
        {
            return (frame.ReadThis() as IWorkDescription)?.DescribeWork();
        }
        catch (Exception)
        {
            return null; // it has gone on meanwhile, and its object is in the middle of a change
        }
    }
}

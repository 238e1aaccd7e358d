using System.Diagnostics;
using Reactor.Drivers;

namespace Reactor.Diagnostics;

/// <summary>
/// Reads the await stack of a task from its frames. Loop thread only, or while the loop does not
/// run.
/// </summary>
internal static class StackReader
{
    /// <summary>Recursion may be 200,000 awaits deep.</summary>
    public const int FramesMax = 100;

    /// <summary>A frame, null for an awaitable, and its text.</summary>
    public readonly record struct Entry(CoroutineFrame? Frame, CallFrame Shown);

    public static IReadOnlyList<CallFrame> Show(Trampoline? step, int framesMax = FramesMax) =>
        step is null ? [] : [.. Read(step, framesMax).Select(entry => entry.Shown)];

    public static List<Entry> Read(Trampoline step, int framesMax = FramesMax)
    {
        var stack = new List<Entry>();
        if (step.Top is not null && AwaitableOf(step) is { } awaitable)
        {
            stack.Add(new Entry(null, new CallFrame { Method = awaitable }));
        }

        int count = 0;
        for (CoroutineFrame? frame = step.Top; frame is not null; frame = frame.Parent)
        {
            if (count++ < framesMax)
            {
                stack.Add(new Entry(frame, ShowFrame(step, frame)));
            }
        }

        if (count > framesMax)
        {
            stack.Add(new Entry(null, new CallFrame { Method = $"({count - framesMax} more)" }));
        }

        return stack;
    }

    /// <summary>What the task waits for; null for a future, which the graph shows.</summary>
    private static string? AwaitableOf(Trampoline step) => step.Wait switch
    {
        null => step.AwaitsForeign ? "(foreign awaitable)" : null,
        Future => null,
        IAwaitsFutures => "EventLoop.WhenEach",
        DriverOperation operation => operation.GetType().Name,
        IWaitSource source => source.ToString(),
    };

    private static CallFrame ShowFrame(Trampoline step, CoroutineFrame frame)
    {
        (string File, int Line)? place =
            frame == step.Top && step.Scheduler.RunningStep == step
                ? PlaceOfRunning(frame.MachineType)
                : SourcePlaces.Find(frame.MachineType, frame.ReadMachineState());
        if (place is null && frame.Parent is null)
        {
            place = Parse(((Future)step.Owner).CreatedAt);
        }

        return new CallFrame { Method = frame.MethodName, File = place?.File, Line = place?.Line };
    }

    // The state of a running method is not set, but the method is on the native stack.
    private static (string File, int Line)? PlaceOfRunning(Type machine)
    {
        foreach (StackFrame frame in new StackTrace(fNeedFileInfo: true).GetFrames())
        {
            if (DiagnosticMethodInfo.Create(frame) is { } method
                && MoveNextMethod.IsOf(machine, method)
                && frame.GetFileName() is { } file)
            {
                return (file, frame.GetFileLineNumber());
            }
        }

        return null;
    }

    // "file.cs:12", recorded in debug mode.
    private static (string File, int Line)? Parse(string? createdAt)
    {
        int colon = createdAt?.LastIndexOf(':') ?? -1;
        return colon > 0 && int.TryParse(createdAt.AsSpan(colon + 1), out int line)
            ? (createdAt![..colon], line) : null;
    }
}

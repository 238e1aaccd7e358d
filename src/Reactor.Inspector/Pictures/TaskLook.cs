using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>The look of a task by what it does at a moment of a trace. Pure; any thread.</summary>
internal static class TaskLook
{
    // What a trace calls the wait for a time.
    private const string Delay = "EventLoop.Delay";

    /// <summary>Null: it was made, and does nothing yet.</summary>
    public static PictureFill? Of(in TraceTask task, TraceNames names) => task.State switch
    {
        TraceTaskState.Running => PictureFill.Step,
        TraceTaskState.Ready => PictureFill.Ready,
        TraceTaskState.Waiting when task.IsInOperation => PictureFill.Io,
        TraceTaskState.Waiting when task.Awaits != 0 => PictureFill.Task,
        TraceTaskState.Waiting when names[task.WaitsFor] == Delay => PictureFill.Timer,
        TraceTaskState.Waiting => PictureFill.Other,
        _ => null,
    };
}

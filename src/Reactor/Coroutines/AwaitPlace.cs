namespace Reactor;

/// <summary>
/// Where a task is suspended, in words, for a report: the coroutine and, where the symbols are
/// there, file and line of its await. It is read from the frames when the report is made, so an
/// await costs nothing for it.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal static class AwaitPlace
{
    /// <summary>
    /// The place as <c> at File.cs:12 in Type.Method</c>. Coroutines of the library on top of the
    /// stack are left out: the user's code is what the reader can change.
    /// </summary>
    /// <param name="top">The innermost frame of the task.</param>
    public static string Of(CoroutineFrame top)
    {
        CoroutineFrame frame = top;
        while (frame.Parent is { } caller
            && frame.MachineType.Assembly == typeof(AwaitPlace).Assembly)
        {
            frame = caller;
        }

        string place = SourcePlaces.Find(frame.MachineType, frame.ReadMachineState()) is { } at
            ? $" at {Path.GetFileName(at.File)}:{at.Line}"
            : "";
        return $"{place} in {frame.MethodName}";
    }
}

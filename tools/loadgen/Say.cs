namespace Reactor.Tools.Loadgen;

/// <summary>
/// What the program says on standard error. Never throws: where it cannot be written, the exit code
/// still tells. Any thread.
/// </summary>
internal static class Say
{
    public static void Line(TextWriter errors, string sentence)
    {
        try
        {
            errors.WriteLine($"loadgen: {sentence}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Closed, or on a full device.
        }
    }
}

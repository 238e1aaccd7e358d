namespace Reactor.Tools.Loadgen;

/// <summary>
/// Writes messages to standard error. Never throws: if writing fails, the exit code remains. Any
/// thread.
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
            // Standard error is closed or its device is full.
        }
    }

    /// <summary>Says what is wrong with the command line, and returns the exit code.</summary>
    public static int Usage(TextWriter errors, string sentence)
    {
        Line(errors, $"{sentence} Try --help.");
        return ExitCode.Usage;
    }
}

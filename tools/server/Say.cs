namespace Reactor.Tools.Server;

/// <summary>
/// Writes messages to standard error before and after serving. Never throws, and waits at most one
/// second. If a message cannot be written, the exit code remains.
/// </summary>
internal static class Say
{
    /// <summary>The same limit as for the final log flush.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);

    /// <remarks>
    /// Uses a separate thread: a pipe without a reader blocks every writer, and the log thread may
    /// hold the console's lock while it waits for the same pipe.
    /// </remarks>
    public static void Line(string sentence)
    {
        try
        {
            var writer = new Thread(() => Write(sentence)) { IsBackground = true };
            writer.UnsafeStart();
            writer.Join(s_limit);
        }
        catch (OutOfMemoryException)
        {
            // No thread could be started.
        }
    }

    public static int Fail(int exitCode, string sentence)
    {
        Line(sentence);
        return exitCode;
    }

    private static void Write(string sentence)
    {
        try
        {
            Console.Error.WriteLine($"reactor: {sentence}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Standard error is closed or its device is full.
        }
    }
}

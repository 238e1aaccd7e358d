namespace Reactor.Tools.Server;

/// <summary>
/// Writes sentences for the user to standard error. Never throws, and waits at most one second; a
/// sentence that cannot be written is lost, and the exit code remains.
/// </summary>
internal static class Say
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);

    // On its own thread: a pipe without a reader blocks for ever, and the log thread may hold the
    // console's lock while it waits for the same pipe.
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
            // No thread can be started.
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
            // Closed, or on a full device.
        }
    }
}

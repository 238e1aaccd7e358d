namespace Reactor.Tools.Server;

/// <summary>
/// What the binary says to its user before it serves and when it cannot: sentences on standard
/// error. Never throws, and waits one second at most. A sentence that cannot be written is lost:
/// the exit code still tells.
/// </summary>
internal static class Say
{
    /// <summary>As long as the flush of the log at the end.</summary>
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(1);

    /// <remarks>
    /// On a thread of its own: a pipe that nothing reads blocks each writer without end, and the
    /// console's lock may be held by the log thread, which waits for the same pipe.
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

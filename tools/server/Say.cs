namespace Reactor.Tools.Server;

/// <summary>
/// What the binary says to its user before it serves and when it cannot. Never throws.
/// Sentences on standard error. One that cannot be written is lost: the exit code still tells.
/// </summary>
internal static class Say
{
    public static void Line(string sentence)
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

    public static int Fail(int exitCode, string sentence)
    {
        Line(sentence);
        return exitCode;
    }
}

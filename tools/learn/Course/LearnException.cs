namespace Reactor.Learn;

/// <summary>
/// Ends a verb with one sentence for the user on standard error and an exit code. It is thrown only
/// for what the user or an author can correct: a name, a file, a format.
/// </summary>
internal sealed class LearnException(int exitCode, string sentence) : Exception(sentence)
{
    /// <summary>One of <see cref="Learn.ExitCode"/>.</summary>
    public int ExitCode => exitCode;
}

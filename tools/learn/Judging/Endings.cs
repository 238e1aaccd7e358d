namespace Reactor.Learn;

/// <summary>
/// The last line of an outcome that ended badly. Authors write these in their scenarios.
/// </summary>
internal static class Endings
{
    /// <summary>The run took longer than its limit, or wrote too many lines.</summary>
    public const string Endless = "(endless)";

    public const string StackOverflow = "(stack overflow)";

    public const string OutOfMemory = "(out of memory)";

    /// <summary>The process died in another way.</summary>
    public const string Crashed = "(crashed)";

    /// <summary>An exception left the scenario.</summary>
    public static string Of(Exception error) =>
        error is OutOfMemoryException ? OutOfMemory : $"({error.GetType().Name})";
}

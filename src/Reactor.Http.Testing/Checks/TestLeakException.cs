namespace Reactor.Http.Testing;

/// <summary>
/// What a test left behind: tasks, connections, responses, memory, errors of the loop. Thrown at
/// the end of a <see cref="TestServer"/>; the message lists everything.
/// </summary>
public sealed class TestLeakException : Exception
{
    internal TestLeakException(string message, IReadOnlyList<string> leaks) : base(message) =>
        Leaks = leaks;

    /// <summary>Each thing that was left behind, as text.</summary>
    public IReadOnlyList<string> Leaks { get; }
}

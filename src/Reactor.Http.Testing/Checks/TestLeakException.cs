namespace Reactor.Http.Testing;

/// <summary>
/// What a test left behind: tasks, connections, responses, memory, errors of the loop. Thrown at
/// the end of a <see cref="TestServer"/>; the message lists everything. The inner exception, if
/// any, was thrown by the test before, and may be its own failure.
/// </summary>
public sealed class TestLeakException : Exception
{
    internal TestLeakException(
        string message, IReadOnlyList<string> leaks, Exception? innerException = null)
        : base(message, innerException) => Leaks = leaks;

    /// <summary>Each thing that was left behind, as text.</summary>
    public IReadOnlyList<string> Leaks { get; }
}

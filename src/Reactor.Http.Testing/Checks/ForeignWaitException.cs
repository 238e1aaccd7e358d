namespace Reactor.Http.Testing;

/// <summary>
/// A test depends on real time or on another thread, so its outcome is a matter of chance. The
/// message names each such wait and the remedy. See
/// <see cref="TestServerOptions.AllowsForeignAwaits"/>.
/// </summary>
public sealed class ForeignWaitException : Exception
{
    internal ForeignWaitException(
        string message, IReadOnlyList<string> waits, Exception? innerException = null)
        : base(message, innerException) => Waits = waits;

    /// <summary>Each wait for real time or another thread, as text.</summary>
    public IReadOnlyList<string> Waits { get; }
}

namespace Reactor.Recording;

/// <summary>
/// A socket, listener, connect or watch of a replay, to which recorded completions are delivered.
/// Loop thread only.
/// </summary>
internal interface IReplayObject
{
    /// <summary>Completes an operation, or posts readiness, as recorded.</summary>
    void Deliver(in RecordedEntry entry);

    /// <summary>True once nothing can complete any more, so that it is not kept.</summary>
    bool IsOver { get; }
}

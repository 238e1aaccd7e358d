namespace Reactor;

/// <summary>
/// Something of ours that hears at once that a future is done. Done-callbacks go through the loop
/// and cost a handle each; who waits for 100,000 futures registers itself instead, with all of them
/// at one go.
/// </summary>
internal interface IDoneObserver
{
    /// <summary>
    /// Called from inside the completion: it may note and post, and runs no user code.
    /// </summary>
    void OnDone(Future future);

    /// <summary>True once it waits for nothing any more: it is then not told.</summary>
    bool IsOver { get; }
}

namespace Reactor;

/// <summary>
/// Is told at once that a future is done. One observer serves a wait for 100,000 futures, where a
/// done-callback costs a handle each.
/// </summary>
internal interface IDoneObserver : IFutureWaiter
{
    /// <summary>Called inside the completion: may post, and runs no user code.</summary>
    void OnDone(Future future);
}

/// <summary>
/// A done-callback: a handle, which the completion posts. It has the context of the registration.
/// </summary>
internal sealed class DoneCallback(Future future, Action<Future> callback, LoopContext? context)
    : LoopHandle(future.Scheduler, context, null, 0), IFutureWaiter
{
    private Action<Future>? _callback = callback;

    /// <inheritdoc/>
    public bool IsOver => _callback is null;

    public void Drop() => DropCallback();

    public bool Is(Action<Future> callback) => callback.Equals(_callback);

    private protected override void Invoke() => _callback?.Invoke(future);

    private protected override void DropCallback() => _callback = null;

    internal override Delegate? ShownCallback => _callback;
}

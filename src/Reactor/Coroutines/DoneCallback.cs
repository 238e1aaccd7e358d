namespace Reactor;

/// <summary>
/// A done-callback of a future. It is a handle of the loop from the start, so completing a future
/// only posts it; its context is the one at registration, as for any handle.
/// </summary>
internal sealed class DoneCallback(Future future, Action<Future> callback, LoopContext? context)
    : LoopHandle(future.Scheduler, context, null, 0)
{
    private Action<Future>? _callback = callback;

    /// <summary>True once it was dropped: it waits for nothing any more.</summary>
    public bool IsDropped => _callback is null;

    public void Drop() => DropCallback();

    public bool Is(Action<Future> callback) => callback.Equals(_callback);

    private protected override void Invoke() => _callback?.Invoke(future);

    private protected override void DropCallback() => _callback = null;

    private protected override string DescribeCallback() => Describe(_callback, null);
}

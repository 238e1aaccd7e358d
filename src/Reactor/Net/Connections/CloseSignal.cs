namespace Reactor.Net;

/// <summary>
/// Tells any number of tasks that something has closed. Each has its own future, as cancelling one
/// waiter must not cancel the others.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class CloseSignal(EventLoop loop)
{
    private readonly List<Promise<Unit>> _waiters = [];
    private bool _isSet;

    public Future<Unit> Wait()
    {
        var future = new Promise<Unit>(loop);
        if (_isSet)
        {
            future.SetResult(default);
        }
        else
        {
            // Cancelled waiters: polls with a time limit would fill the list.
            _waiters.RemoveAll(static waiter => waiter.IsDone);
            _waiters.Add(future);
        }

        return future;
    }

    public void Set()
    {
        _isSet = true;
        foreach (Promise<Unit> waiter in _waiters)
        {
            waiter.TrySetResult(default);
        }

        _waiters.Clear();
    }
}

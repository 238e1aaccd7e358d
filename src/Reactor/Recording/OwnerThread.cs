namespace Reactor.Recording;

/// <summary>
/// The thread whose calls of a driver are recorded or replayed: that of the run, and between runs
/// the last one that used the loop. Any thread.
/// </summary>
internal sealed class OwnerThread
{
    private readonly Lock _lock = new();
    private volatile bool _isRunning;
    private volatile int _id = Environment.CurrentManagedThreadId;

    public bool IsCurrent => Environment.CurrentManagedThreadId == _id;

    /// <summary>This thread uses the loop, which does not run.</summary>
    public void Claim(bool runs = false)
    {
        lock (_lock)
        {
            _id = Environment.CurrentManagedThreadId;
            _isRunning = runs;
        }
    }

    public void EndRun() => _isRunning = false;

    /// <summary>
    /// True on this thread: it then calls <see cref="Exit"/>. Between runs another thread may claim
    /// the loop, which waits until then, so that no entry is torn.
    /// </summary>
    public bool TryEnter()
    {
        if (_isRunning)
        {
            return IsCurrent;
        }

        _lock.Enter();
        if (IsCurrent)
        {
            return true;
        }

        _lock.Exit();
        return false;
    }

    public void Exit()
    {
        if (!_isRunning) // a run begins only with the lock
        {
            _lock.Exit();
        }
    }
}

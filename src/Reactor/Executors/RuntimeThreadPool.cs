namespace Reactor;

/// <summary>
/// The default executor: the runtime's thread pool. At its end it waits for the work, not for the
/// threads.
/// </summary>
/// <remarks>Any thread.</remarks>
internal sealed class RuntimeThreadPool : IExecutor
{
    private readonly TaskCompletionSource _completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Unfinished work items, plus one for the executor until its shutdown.
    private int _unfinished = 1;
    private int _isShutDown;

    /// <inheritdoc/>
    public Task Completion => _completion.Task;

    /// <inheritdoc/>
    public void Submit(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);

        // Count before the check, so that a concurrent shutdown waits for this work.
        Interlocked.Increment(ref _unfinished);
        if (Volatile.Read(ref _isShutDown) != 0)
        {
            Finish();
            throw new InvalidOperationException(
                "Executor shutdown has been called: it takes no new work.");
        }

#pragma warning disable RS0030 // this class is the replacement of the banned pool
        ThreadPool.UnsafeQueueUserWorkItem(
            static job => job.Pool.Run(job.Work), (Pool: this, Work: work), preferLocal: false);
#pragma warning restore RS0030
    }

    /// <inheritdoc/>
    public void Shutdown()
    {
        if (Interlocked.Exchange(ref _isShutDown, 1) == 0)
        {
            Finish();
        }
    }

    private void Run(Action work)
    {
        ThrownWork.Run(work);
        Finish();
    }

    private void Finish()
    {
        if (Interlocked.Decrement(ref _unfinished) == 0)
        {
            _completion.TrySetResult();
        }
    }
}

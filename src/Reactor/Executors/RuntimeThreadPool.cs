namespace Reactor;

/// <summary>
/// The default executor: the thread pool of the runtime, which grows and shrinks by itself. Its
/// threads are not the executor's, so what it waits for at its end is the work.
/// </summary>
/// <remarks>Any thread.</remarks>
internal sealed class RuntimeThreadPool : IExecutor
{
    private readonly TaskCompletionSource _completion =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    // What was submitted and has not ended, and one for the executor itself until its shutdown.
    private int _unfinished = 1;
    private int _isShutDown;

    /// <inheritdoc/>
    public Task Completion => _completion.Task;

    /// <inheritdoc/>
    public void Submit(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);

        // Counted before the look: a shutdown that comes between the two waits for this work.
        Interlocked.Increment(ref _unfinished);
        if (Volatile.Read(ref _isShutDown) != 0)
        {
            Finish();
            throw new InvalidOperationException(
                "Executor shutdown has been called: it takes no new work.");
        }

#pragma warning disable RS0030 // this is the place that others are told to go to
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

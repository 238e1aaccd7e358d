namespace Reactor;

/// <summary>
/// The default executor: the thread pool of the runtime, which grows and shrinks by itself.
/// </summary>
/// <remarks>Any thread.</remarks>
internal sealed class RuntimeThreadPool : IExecutor
{
    private volatile bool _isShutDown;

    /// <inheritdoc/>
    public void Submit(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (_isShutDown)
        {
            throw new InvalidOperationException("Executor shutdown has been called.");
        }

#pragma warning disable RS0030 // this is the place that others are told to go to
        ThreadPool.QueueUserWorkItem(static run => run(), work, preferLocal: false);
#pragma warning restore RS0030
    }

    /// <inheritdoc/>
    public void Shutdown() => _isShutDown = true;
}

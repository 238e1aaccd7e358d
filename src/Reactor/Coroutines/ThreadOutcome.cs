namespace Reactor;

/// <summary>
/// The outcome of a future as a <see cref="Task{T}"/> for other threads; <see
/// cref="ObjectDisposedException"/> if the loop closes before.
/// </summary>
/// <remarks>Loop thread only, except <see cref="Task"/>.</remarks>
/// <param name="cancellationToken">What a cancelled task names as its reason.</param>
internal sealed class ThreadOutcome<T>(CancellationToken cancellationToken = default) : LoopWork
{
    private readonly TaskCompletionSource<T> _source = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    private Future<T>? _future;
    private CancellationTokenRegistration _registration;

    public bool HasToken => cancellationToken.CanBeCanceled;

    /// <summary>Its continuations run on the thread pool. Any thread.</summary>
    public Task<T> Task => _source.Task;

    /// <summary>Ends the task, and the registration, with the future or its loop.</summary>
    public void Follow(Future<T> future, CancellationTokenRegistration registration = default)
    {
        _future = future;
        _registration = registration;
        if (future.IsDone)
        {
            Run(); // the loop may have no turn left
            return;
        }

        future.AddWaiter(this);
        future.Scheduler.OnOutcomeOwed(this);
    }

    public void Succeed(T result) => _source.TrySetResult(result);

    /// <inheritdoc cref="Succeed"/>
    public void Fail(Exception error) => _source.TrySetException(error);

    /// <inheritdoc cref="Succeed"/>
    public void Cancel() => _source.TrySetCanceled(cancellationToken);

    /// <inheritdoc/>
    public override void Run()
    {
        Future<T> future = _future!;
        future.Scheduler.OnOutcomeGiven(this);
        _registration.Dispose();
        if (future.IsCancelled)
        {
            Cancel();
        }
        else if (future.Exception is { } error)
        {
            Fail(error);
        }
        else
        {
            Succeed(future.Result);
        }
    }

    /// <inheritdoc/>
    internal override void OnLoopClosed()
    {
        if (_future is { IsDone: true })
        {
            Run();
            return;
        }

        _registration.Dispose();
        Fail(new ObjectDisposedException(
            null, "Event loop is closed: it closed before the outcome was there."));
    }
}

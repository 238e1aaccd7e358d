namespace Reactor;

/// <summary>
/// Runs functions in worker processes, for work that computes long, leaks, crashes or must be
/// killed: <c>loop.RunInExecutor(job, argument, pool)</c> (asyncio: <c>ProcessPoolExecutor</c>).
/// </summary>
/// <remarks>
/// <para>
/// Any thread. A pool may serve several loops. Arguments and results are JSON over pipes. The
/// worker program, by default this program, calls <see cref="RunWorker"/> first in <c>Main</c>.
/// </para>
/// <para>
/// A worker that dies fails its call with <see cref="WorkerDiedException"/> and is replaced.
/// Cancelling a running call kills its worker. A pool whose workers do not start stays broken. Not
/// an <see cref="IExecutor"/>: a delegate cannot be sent to another process.
/// </para>
/// </remarks>
public sealed class ProcessPoolExecutor : IDisposable, IAsyncDisposable
{
    private readonly ProcessJobs _jobs;
    private readonly ProcessPoolState _state;

    /// <summary>Creates a pool; workers start when calls arrive.</summary>
    /// <param name="jobs">The functions that workers can run.</param>
    /// <param name="options">Number of workers, program, and limits.</param>
    /// <exception cref="ArgumentException">An option is invalid.</exception>
    /// <exception cref="InvalidOperationException">
    /// This process is a worker that did not call <see cref="RunWorker"/>.
    /// </exception>
    public ProcessPoolExecutor(ProcessJobs jobs, ProcessPoolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        options ??= new ProcessPoolOptions();
        options.Validate();
        if (WorkerSettings.AreGiven)
        {
            // Otherwise each worker would start workers without end.
            throw new InvalidOperationException(
                "This process was started as a worker of a process pool, and makes a pool of its "
                + "own: call ProcessPoolExecutor.RunWorker(jobs) as the first thing in Main, and "
                + "return if it gives true.");
        }

        _jobs = jobs;
        _state = new ProcessPoolState(options);
    }

    /// <summary>
    /// The first statement in <c>Main</c> of a worker program: <c>if
    /// (ProcessPoolExecutor.RunWorker(jobs)) return;</c>. In a worker it runs jobs until the pool
    /// ends.
    /// </summary>
    /// <remarks>
    /// Write nothing to the console before. In a worker standard output goes to standard error,
    /// standard input is empty, and Ctrl+C is ignored.
    /// </remarks>
    /// <param name="jobs">The same list as the pool's.</param>
    /// <returns>True if this process was a worker.</returns>
    public static bool RunWorker(ProcessJobs jobs)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        if (WorkerSettings.Take() is not { } settings)
        {
            return false;
        }

        WorkerSide.Run(jobs, settings);
        return true;
    }

    /// <summary>
    /// Rejects new calls. Submitted calls still run; then the workers end, or are killed after <see
    /// cref="ProcessPoolOptions.ShutdownTimeout"/>. Does not wait. Idempotent. (asyncio:
    /// <c>shutdown(wait=False)</c>)
    /// </summary>
    public void Shutdown() => _state.Shutdown();

    /// <summary>
    /// As <see cref="Shutdown"/>; the task completes when no worker is left (asyncio:
    /// <c>shutdown(wait=True)</c>).
    /// </summary>
    public Task ShutdownAsync()
    {
        _state.Shutdown();
        return _state.Ended;
    }

    /// <summary>
    /// Kills running workers, fails all calls with <see cref="ObjectDisposedException"/>, and
    /// blocks until no worker is left, at most three times <see
    /// cref="ProcessPoolOptions.ShutdownTimeout"/>. On a loop thread use <c>await using</c>.
    /// </summary>
    public void Dispose()
    {
        _state.Abort();
        _state.WaitForEnd();
    }

    /// <summary>As <see cref="Dispose"/>, without blocking.</summary>
    public ValueTask DisposeAsync()
    {
        _state.Abort();
        return new ValueTask(_state.Ended);
    }

    internal Future<TResult> Submit<TArgument, TResult>(
        CoroutineScheduler scheduler, ProcessJob<TArgument, TResult> job, TArgument argument,
        IJobRoute route)
    {
        if (!_jobs.TryFind(job.Name, out ProcessJob? known) || !ReferenceEquals(known, job))
        {
            throw new ArgumentException(
                $"The job '{job}' is not of the ProcessJobs that this pool was made with.",
                nameof(job));
        }

        var call = new ProcessCall<TArgument, TResult>(
            _state, scheduler, job, argument, route);
        _state.Submit(call);
        route.OnSent(call);
        return call.Future;
    }
}

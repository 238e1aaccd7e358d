namespace Reactor;

/// <summary>
/// Runs functions in worker processes, for work that must not share this process: it computes for
/// long, leaks, crashes, or has to be killed. Used through
/// <c>loop.RunInExecutor(job, argument, pool)</c> (asyncio: <c>ProcessPoolExecutor</c>).
/// </summary>
/// <remarks>
/// <para>Arguments and results travel as JSON over pipes, by the metadata that each
/// <see cref="ProcessJob"/> was registered with. The program that is started as a worker, by
/// default this one again, says so in the first line of its <c>Main</c>, see
/// <see cref="RunWorker"/>.</para>
/// <para>For each worker this process has one thread, which starts it, writes to it, waits for its
/// answer and buries it; nothing of that happens on a loop's thread. A worker that dies fails the
/// call that it ran, with <see cref="WorkerDiedException"/>, and another takes its place at the
/// next call. A call that is cancelled has its worker killed: nothing else stops a function that
/// does not look. A pool whose workers cannot even start is broken for good.</para>
/// <para>It is no <see cref="IExecutor"/>: that takes a delegate, and what a delegate has captured
/// cannot go to another process.</para>
/// <para>Any thread. One pool may serve several loops.</para>
/// </remarks>
public sealed class ProcessPoolExecutor : IDisposable, IAsyncDisposable
{
    private readonly ProcessJobs _jobs;
    private readonly ProcessPoolState _state;

    /// <summary>Makes a pool; workers are started when calls come.</summary>
    /// <param name="jobs">What the workers can do.</param>
    /// <param name="options">How many, which program, and all bounds.</param>
    /// <exception cref="ArgumentException">An option makes no sense.</exception>
    /// <exception cref="InvalidOperationException">
    /// This process was itself started as a worker and did not call <see cref="RunWorker"/>.
    /// </exception>
    public ProcessPoolExecutor(ProcessJobs jobs, ProcessPoolOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(jobs);
        options ??= new ProcessPoolOptions();
        options.Validate();
        if (WorkerSettings.AreGiven)
        {
            // Else each worker would start workers, and so on until the machine is full.
            throw new InvalidOperationException(
                "This process was started as a worker of a process pool, and makes a pool of its "
                + "own: call ProcessPoolExecutor.RunWorker(jobs) as the first thing in Main, and "
                + "return if it gives true.");
        }

        _jobs = jobs;
        _state = new ProcessPoolState(options);
    }

    /// <summary>
    /// The first line of the <c>Main</c> of a program that may be started as a worker:
    /// <c>if (ProcessPoolExecutor.RunWorker(jobs)) return;</c>. In a worker it runs jobs until the
    /// pool wants no more; in any other process it returns at once.
    /// </summary>
    /// <remarks>
    /// Before it, nothing may be written to the console. In a worker standard output is standard
    /// error from here on, and standard input is empty; Ctrl+C is left to the pool's process.
    /// </remarks>
    /// <param name="jobs">The same as the pool's.</param>
    /// <returns>
    /// True if this process was a worker: it is done, and <c>Main</c> returns.
    /// </returns>
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
    /// Refuses new calls; what was submitted still runs, then the workers are told to end, and
    /// killed if they do not within <see cref="ProcessPoolOptions.ShutdownTimeout"/>. Does not
    /// wait. Again is harmless. (asyncio: <c>shutdown(wait=False)</c>)
    /// </summary>
    public void Shutdown() => _state.Shutdown();

    /// <summary>
    /// As <see cref="Shutdown"/>; the task ends when no worker process is left (asyncio:
    /// <c>shutdown(wait=True)</c>).
    /// </summary>
    public Task ShutdownAsync()
    {
        _state.Shutdown();
        return _state.Ended;
    }

    /// <summary>
    /// Shuts down at once and waits until no worker process is left, at most three times
    /// <see cref="ProcessPoolOptions.ShutdownTimeout"/>. Calls that wait or run fail with
    /// <see cref="ObjectDisposedException"/>, and the workers that run them are killed; to have
    /// them end first, await <see cref="ShutdownAsync"/>. It blocks: on a loop's thread use
    /// <c>await using</c>.
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

    /// <summary>Has a job run; the future is of the loop whose thread this is.</summary>
    internal Future<TResult> Submit<TArgument, TResult>(
        CoroutineScheduler scheduler,
        ProcessJob<TArgument, TResult> job,
        TArgument argument,
        Action<int> noteWorkElsewhere)
    {
        if (!_jobs.TryFind(job.Name, out ProcessJob? known) || !ReferenceEquals(known, job))
        {
            throw new ArgumentException(
                $"The job '{job}' is not of the ProcessJobs that this pool was made with.",
                nameof(job));
        }

        var call = new ProcessCall<TArgument, TResult>(
            _state, scheduler, job, argument, noteWorkElsewhere);
        _state.Submit(call);
        noteWorkElsewhere(1);
        return call.Future;
    }
}

namespace Reactor;

/// <summary>Options and limits of a <see cref="ProcessPoolExecutor"/>.</summary>
public sealed record ProcessPoolOptions
{
    /// <summary>
    /// Maximum number of processes (asyncio: <c>max_workers</c>). Default: one per processor,
    /// because the work is computation.
    /// </summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// The worker program and its arguments; its <c>Main</c> calls <see
    /// cref="ProcessPoolExecutor.RunWorker"/> first. Default null: this program; set it if another
    /// program, such as a test host, hosts the pool.
    /// </summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>
    /// Time limit for a worker to identify itself. Default 10 seconds, for a busy machine.
    /// </summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Time limit for a worker to end at a shutdown; then it is killed. Default 5 seconds.
    /// </summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Maximum number of waiting and running calls; more are rejected. Default 10,000: a few
    /// megabytes of small arguments.
    /// </summary>
    public int PendingMax { get; init; } = 10_000;

    /// <summary>
    /// Maximum number of calls per worker before it is replaced, against leaks (asyncio:
    /// <c>max_tasks_per_child</c>). Default null: no limit.
    /// </summary>
    public int? JobsPerWorkerMax { get; init; }

    /// <summary>
    /// Maximum size of an argument or result in bytes of JSON. Default 16 MiB, of which each side
    /// holds about three copies. Pass larger data in files.
    /// </summary>
    public int MessageBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>Consecutive failed starts that break the pool: one may be transient.</summary>
    internal const int StartFailuresMax = 3;

    /// <summary>Maximum message size, so that doubled arrays stay valid.</summary>
    private const int MessageBytesLimit = 512 * 1024 * 1024;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(PendingMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(JobsPerWorkerMax ?? 1, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MessageBytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MessageBytesMax, MessageBytesLimit);
        ThrowUnlessTimeout(StartTimeout, nameof(StartTimeout));
        ThrowUnlessTimeout(ShutdownTimeout, nameof(ShutdownTimeout));
        if (Command is { Count: 0 })
        {
            throw new ArgumentException("Command names no program.", nameof(Command));
        }
    }

    // Not infinite: a hanging worker would block the end of the program.
    private static void ThrowUnlessTimeout(TimeSpan timeout, string name)
    {
        if (timeout <= TimeSpan.Zero || timeout > TimeSpan.FromDays(1))
        {
            throw new ArgumentOutOfRangeException(
                name, timeout, "must be more than zero and at most a day");
        }
    }
}

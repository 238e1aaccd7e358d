namespace Reactor;

/// <summary>
/// How a <see cref="ProcessPoolExecutor"/> is made, and all its bounds; every member has a sensible
/// default.
/// </summary>
public sealed record ProcessPoolOptions
{
    /// <summary>
    /// Processes at most (asyncio: <c>max_workers</c>). They are started when calls come. Default:
    /// one a processor, since what is worth a process computes.
    /// </summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>
    /// The program that is started as a worker, and its arguments. Its <c>Main</c> calls
    /// <see cref="ProcessPoolExecutor.RunWorker"/> first. Default, null: the program of this
    /// process. A process that runs inside somebody else's program, as under a test host, must
    /// say it.
    /// </summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>
    /// How long a started program may take to say that it is a worker. Default 10 seconds: a .NET
    /// process needs a tenth of one, and a machine under load some.
    /// </summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long an idle worker may take to end after it was told so; then it is killed. Default 5
    /// seconds, for what a program does at its end.
    /// </summary>
    public TimeSpan ShutdownTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Calls without an outcome at most, those that run included; one more is refused. Default
    /// 10,000: some megabytes of small arguments. asyncio has no bound here.
    /// </summary>
    public int PendingMax { get; init; } = 10_000;

    /// <summary>
    /// Calls that one process answers at most before a fresh one takes its place (asyncio:
    /// <c>max_tasks_per_child</c>), against jobs that leak. Default, null: no limit.
    /// </summary>
    public int? JobsPerWorkerMax { get; init; }

    /// <summary>
    /// The largest argument, and the largest result, in bytes of JSON. Default 16 MiB: it is held
    /// in memory about three times on either side. What is larger belongs in a file.
    /// </summary>
    public int MessageBytesMax { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// Starts in a row that fail before the pool counts as broken: one may be bad luck, such as a
    /// machine without memory; three are not.
    /// </summary>
    internal const int StartFailuresMax = 3;

    /// <summary>The largest message that still fits the arrays it is held in, doubled.</summary>
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

    // Not infinite: a worker that hangs would hang the end of the program.
    private static void ThrowUnlessTimeout(TimeSpan timeout, string name)
    {
        if (timeout <= TimeSpan.Zero || timeout > TimeSpan.FromDays(1))
        {
            throw new ArgumentOutOfRangeException(
                name, timeout, "must be more than zero and at most a day");
        }
    }
}

namespace Reactor;

/// <summary>
/// How a <see cref="ThreadPoolExecutor"/> is made; every member has a sensible default. Any thread.
/// </summary>
public sealed record ThreadPoolExecutorOptions
{
    /// <summary>
    /// How many threads it has at most. Default: four more than the machine has processors, and 32
    /// at most (Python's): enough to overlap waits, and not so many that their stacks count.
    /// </summary>
    public int Threads { get; init; } = Math.Min(32, Environment.ProcessorCount + 4);

    /// <summary>
    /// What its threads are called, each with its number behind: <c>executor-1</c> … Linux shows
    /// the first 15 characters.
    /// </summary>
    public string ThreadNamePrefix { get; init; } = "executor";

    /// <summary>
    /// How much work waits at most while every thread is busy; one more is refused. Default 10,000:
    /// who is that far ahead of the threads is not in a burst, and a queue without an end would
    /// only hide it until the memory is gone.
    /// </summary>
    public int MaxPending { get; init; } = 10_000;
}

namespace Reactor;

/// <summary>
/// Options of a <see cref="ThreadPoolExecutor"/>; immutable, so any thread may read them.
/// </summary>
public sealed record ThreadPoolExecutorOptions
{
    /// <summary>
    /// Maximum number of threads. Default: processors + 4, at most 32 (as in Python): enough to
    /// overlap waits without many stacks.
    /// </summary>
    public int Threads { get; init; } = Math.Min(32, Environment.ProcessorCount + 4);

    /// <summary>
    /// Prefix of thread names, followed by a number: <c>executor-1</c>. Linux shows 15 characters.
    /// </summary>
    public string ThreadNamePrefix { get; init; } = "executor";

    /// <summary>
    /// Maximum queued work while all threads are busy; more is rejected. Default 10,000: beyond
    /// that the work arrives faster than it is done.
    /// </summary>
    public int MaxPending { get; init; } = 10_000;
}

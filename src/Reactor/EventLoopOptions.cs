using Microsoft.Extensions.Logging;
using Reactor.Drivers;

namespace Reactor;

/// <summary>The options of an <see cref="EventLoop"/>; every member has a default.</summary>
public sealed record EventLoopOptions
{
    /// <summary>
    /// The I/O driver, which the loop disposes of. Null (default): that of
    /// <see cref="LoopDrivers.Default"/>.
    /// </summary>
    public LoopDriver? Driver { get; init; }

    /// <summary>
    /// See <see cref="EventLoop.Debug"/>; it costs time. Default: true if the environment variable
    /// <c>REACTOR_DEBUG</c> is 1.
    /// </summary>
    public bool Debug { get; init; } = Environment.GetEnvironmentVariable("REACTOR_DEBUG") == "1";

    /// <summary>
    /// See <see cref="EventLoop.SlowCallbackDuration"/>. Default 0.1 seconds (asyncio's); infinite:
    /// reports nothing.
    /// </summary>
    public TimeSpan SlowCallbackDuration { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary>
    /// A longer turn is logged with its work, and its end too. Null or infinite: not logged.
    /// Default 1 second: clients give up soon after. It costs the loop nothing.
    /// </summary>
    public TimeSpan? BlockedAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The log. Default: errors go to standard error.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>
    /// Log lines a second for each type of unhandled exception; further ones are counted. Default
    /// 10: a client may cause such errors at will.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// Negative, or above <see cref="LogRateLimiter.LinesPerSecondMax"/>.
    /// </exception>
    public int ErrorLinesPerSecond
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LogRateLimiter.LinesPerSecondMax);
            field = value;
        }
    } = 10;

    /// <summary>The loop's name in messages and metrics. Default: <c>loop</c>.</summary>
    public string Name { get; init; } = "loop";

    /// <summary>
    /// The longest wait in a poll, or infinite. Default 24 hours (asyncio's): some kernels reject a
    /// longer wait.
    /// </summary>
    public TimeSpan PollMax { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Consecutive turns that may skip a costly poll (<see cref="LoopDriver.IsPollCostly"/>) while
    /// work is ready. Default 32: polls then add less than a tenth to the shortest turns.
    /// </summary>
    public int PollSkipsMax { get; init; } = 32;

    /// <summary>
    /// The time for which polls may be skipped, delaying I/O, or infinite. Default 100
    /// microseconds: hardly visible to a local client.
    /// </summary>
    public TimeSpan PollSkipTimeMax { get; init; } = TimeSpan.FromMicroseconds(100);

    /// <summary>
    /// The wait of <see cref="LoopRunner"/> for the tasks that it cancels, or infinite. Default 5
    /// seconds; a task in a foreign await may need longer, and is reported as pending.
    /// </summary>
    public TimeSpan CancelTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The wait of <see cref="LoopRunner"/> for the default executor, or infinite. Default 5
    /// minutes (asyncio's).
    /// </summary>
    public TimeSpan ExecutorTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// True (default): Ctrl+C cancels the main coroutine of <see cref="LoopRunner"/>, unless the
    /// loop has a handler for SIGINT.
    /// </summary>
    public bool HandleInterrupt { get; init; } = true;
}

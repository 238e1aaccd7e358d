using Microsoft.Extensions.Logging;
using Reactor.Drivers;

namespace Reactor;

/// <summary>The options of an <see cref="EventLoop"/>; every member has a default.</summary>
public sealed record EventLoopOptions
{
    /// <summary>
    /// The I/O driver. The loop owns it and disposes of it. Default: a <see cref="SocketsDriver"/>.
    /// </summary>
    public LoopDriver? Driver { get; init; }

    /// <summary>
    /// Debug mode: objects record where they were made, and common mistakes are reported; it costs
    /// time. Default: true if the environment variable <c>REACTOR_DEBUG</c> is 1.
    /// </summary>
    public bool Debug { get; init; } = Environment.GetEnvironmentVariable("REACTOR_DEBUG") == "1";

    /// <summary>
    /// In debug mode, work that takes this long is reported; see
    /// <see cref="EventLoop.SlowCallbackDuration"/>. Default 0.1 seconds (asyncio's): people begin
    /// to notice it. <see cref="Timeout.InfiniteTimeSpan"/> reports nothing.
    /// </summary>
    public TimeSpan SlowCallbackDuration { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary>
    /// A turn that lasts this long blocks the loop: one line names the work, another reports the
    /// end. Null or <see cref="Timeout.InfiniteTimeSpan"/> turns this off. Default 1 second: a
    /// healthy turn is much shorter, and clients give up soon after. A thread of the process looks
    /// twice in this time; the loop itself does nothing for it.
    /// </summary>
    public TimeSpan? BlockedAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The log of the loop. Default: errors go to standard error. The loop thread never waits for a
    /// sink: messages pass through a bounded queue and a thread of its own.
    /// </summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>
    /// Log lines a second for errors without a handler, for each type of exception; further errors
    /// are counted, and the next line has their number. Default 10: a client may cause such an
    /// error at will. 0 logs none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is negative or above <see cref="LogRateLimiter.LinesPerSecondMax"/>.
    /// </exception>
    public int ErrorLinesPerSecond
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(
                value, LogRateLimiter.LinesPerSecondMax);
            field = value;
        }
    } = 10;

    /// <summary>The loop's name in messages and metrics. Default: <c>loop</c>.</summary>
    public string Name { get; init; } = "loop";

    /// <summary>
    /// The longest wait in a poll; <see cref="Timeout.InfiniteTimeSpan"/>: until the next timer.
    /// Default 24 hours (asyncio's): some kernels reject a longer wait.
    /// </summary>
    public TimeSpan PollMax { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// The number of consecutive turns that may skip the poll while work is ready, on a driver
    /// whose poll is a system call (<see cref="LoopDriver.IsPollCostly"/>). 0: every turn polls.
    /// Default 32: polls then add less than a tenth to the shortest turns.
    /// </summary>
    public int PollSkipsMax { get; init; } = 32;

    /// <summary>
    /// The time for which polls may be skipped, and I/O is delayed; a running turn is not
    /// interrupted. <see cref="Timeout.InfiniteTimeSpan"/>: only <see cref="PollSkipsMax"/> counts.
    /// Default 100 microseconds: hardly visible to a client on the same machine.
    /// </summary>
    public TimeSpan PollSkipTimeMax { get; init; } = TimeSpan.FromMicroseconds(100);

    /// <summary>
    /// How long <c>EventLoop.Run</c> and <see cref="LoopRunner"/> wait at their end for the tasks
    /// that they cancelled. Default 5 seconds: a foreign awaitable cannot be interrupted, and its
    /// task is then reported as pending. <see cref="Timeout.InfiniteTimeSpan"/>: unlimited.
    /// </summary>
    public TimeSpan CancelTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long <c>EventLoop.Run</c> and <see cref="LoopRunner"/> wait at their end for the threads
    /// of the default executor. Default 5 minutes (asyncio's): long enough for work worth
    /// finishing. <see cref="Timeout.InfiniteTimeSpan"/>: unlimited.
    /// </summary>
    public TimeSpan ExecutorTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// True: Ctrl+C cancels the main coroutine of <c>EventLoop.Run</c> and
    /// <see cref="LoopRunner"/>. False leaves SIGINT to your own
    /// <see cref="System.Runtime.InteropServices.PosixSignalRegistration"/>. Default true. A
    /// handler set by <c>AddSignalHandler</c> has precedence in both cases.
    /// </summary>
    public bool HandleInterrupt { get; init; } = true;
}

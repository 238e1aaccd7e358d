using Microsoft.Extensions.Logging;
using Reactor.Drivers;

namespace Reactor;

/// <summary>How an <see cref="EventLoop"/> is made; every member has a sensible default.</summary>
public sealed record EventLoopOptions
{
    /// <summary>
    /// Who talks to the operating system. The loop owns it and disposes of it at close. Default:
    /// a <see cref="SocketsDriver"/>.
    /// </summary>
    public LoopDriver? Driver { get; init; }

    /// <summary>
    /// Debug mode: objects remember where they were made, and what is commonly done wrong is
    /// reported; it costs time. Default: true where the environment says <c>REACTOR_DEBUG=1</c>,
    /// else false.
    /// </summary>
    public bool Debug { get; init; } = Environment.GetEnvironmentVariable("REACTOR_DEBUG") == "1";

    /// <summary>
    /// In debug mode, how long a callback or a step of a task may take before it is reported; see
    /// <c>EventLoop.SlowCallbackDuration</c>. Default 0.1 seconds (asyncio's): what people begin to
    /// notice. <see cref="Timeout.InfiniteTimeSpan"/> reports none.
    /// </summary>
    public TimeSpan SlowCallbackDuration { get; init; } = TimeSpan.FromSeconds(0.1);

    /// <summary>
    /// How long the loop may run one turn before it counts as blocked: a line names the task, the
    /// coroutine and what it works on, and another line follows when the block has ended. Nothing
    /// else runs meanwhile, no other connection and no signal. Null or
    /// <see cref="Timeout.InfiniteTimeSpan"/> turns it off. Default 1 second:
    /// no healthy turn comes near it, and clients give up not long after. The loop itself does
    /// nothing for it: a thread of the process looks twice in this time.
    /// </summary>
    public TimeSpan? BlockedAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Where the loop logs. Default: errors go to standard error. Whatever the sink, the loop
    /// thread never waits for it: messages pass through a bounded queue and a thread of its own.
    /// </summary>
    public ILoggerFactory? LoggerFactory { get; init; }

    /// <summary>
    /// Lines in a second for errors that no exception handler takes, for each type of exception;
    /// the rest is counted, and the next line says how many there were. Default 10: a client can
    /// cause such an error as often as it likes. 0 logs none.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// It is negative, or above <see cref="LogBudget.LinesPerSecondMax"/>.
    /// </exception>
    public int ErrorLinesPerSecond
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, LogBudget.LinesPerSecondMax);
            field = value;
        }
    } = 10;

    /// <summary>What the loop is called in messages. Default: <c>loop</c>.</summary>
    public string Name { get; init; } = "loop";

    /// <summary>
    /// The longest wait in one poll; <see cref="Timeout.InfiniteTimeSpan"/>: until the next timer.
    /// Default 24 hours (asyncio's): some kernels refuse a longer one.
    /// </summary>
    public TimeSpan PollMax { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How many turns in a row may leave out the poll while work is ready, on a driver whose poll
    /// is a system call (<see cref="LoopDriver.IsPollCostly"/>). 0: every turn polls. Default 32:
    /// a poll for nothing then adds less than a tenth to the shortest of turns.
    /// </summary>
    public int PollSkipsMax { get; init; } = 32;

    /// <summary>
    /// How long, at the same time, I/O may wait for a poll that was left out; the turn that runs is
    /// not interrupted. <see cref="Timeout.InfiniteTimeSpan"/>: only <see cref="PollSkipsMax"/>
    /// counts. Default 100 microseconds: what a client on the same machine hardly sees.
    /// </summary>
    public TimeSpan PollSkipTimeMax { get; init; } = TimeSpan.FromMicroseconds(100);

    /// <summary>
    /// How long <c>EventLoop.Run</c> and <see cref="LoopRunner"/> wait at their end for the tasks
    /// that they cancelled. Default 5 seconds; one that waits for something foreign cannot be
    /// interrupted, and is then reported as pending when the loop closes.
    /// <see cref="Timeout.InfiniteTimeSpan"/>: until all have ended.
    /// </summary>
    public TimeSpan CancelTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long <c>EventLoop.Run</c> and <see cref="LoopRunner"/> wait at their end for the threads
    /// of the default executor. Default 5 minutes (asyncio's): long enough for work that is worth
    /// finishing, and not for ever. <see cref="Timeout.InfiniteTimeSpan"/>: until all have ended.
    /// </summary>
    public TimeSpan ExecutorTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// True: Ctrl+C cancels the main coroutine of <c>EventLoop.Run</c> and
    /// <see cref="LoopRunner"/>. False leaves SIGINT to whoever else listens, as code of yours with
    /// a <see cref="System.Runtime.InteropServices.PosixSignalRegistration"/> must have it. Default
    /// true. What <c>AddSignalHandler</c> sets comes first either way.
    /// </summary>
    public bool HandleInterrupt { get; init; } = true;
}

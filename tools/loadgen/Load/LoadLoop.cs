using Reactor.Drivers;

namespace Reactor.Tools.Loadgen;

/// <summary>The options of the loops that make load. Any thread.</summary>
internal static class LoadLoop
{
    /// <summary>
    /// The slack of the kernel's timers: the least, because by default a timer is up to 50 us late,
    /// which is more than the service time of a fast server.
    /// </summary>
    private static readonly TimeSpan s_timerSlack = TimeSpan.FromTicks(1);

    /// <summary>The driver to use by default: epoll where there is one.</summary>
    public static string DefaultDriver => LoopDrivers.Names[^1];

    /// <summary>Makes the options of a loop, with a driver of its own.</summary>
    /// <param name="driver">
    /// A name of <see cref="LoopDrivers.Names"/>, in any case; empty for the default.
    /// </param>
    /// <param name="name">The name of the loop in messages.</param>
    public static EventLoopOptions Options(string driver, string name = "loadgen") => new()
    {
        Driver = MakeDriver(driver.Length > 0 ? driver : DefaultDriver),
        Name = name,
        BlockedAfter = null, // the report is made on the loop, when nothing waits any more
        PollSkipsMax = 0, // a response must not wait while other work is ready
    };

    private static LoopDriver MakeDriver(string name) =>
        name.Equals("epoll", StringComparison.OrdinalIgnoreCase)
            ? LoopDrivers.Epoll(s_timerSlack)
            : LoopDrivers.Create(name);
}

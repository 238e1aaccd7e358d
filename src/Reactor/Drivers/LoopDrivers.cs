namespace Reactor.Drivers;

/// <summary>
/// Makes drivers for <c>EventLoopOptions.Driver</c>. A driver serves one loop, which disposes of
/// it.
/// </summary>
/// <remarks>Any thread.</remarks>
public static class LoopDrivers
{
    /// <summary>
    /// The names of this system's drivers, the default first.
    /// </summary>
    public static IReadOnlyList<string> Names => SystemDriver.Names;

    /// <summary>The portable driver, on the runtime's sockets.</summary>
    public static LoopDriver Sockets() => new SocketsDriver();

    /// <summary>
    /// The driver for Linux, the cheapest: the loop's thread makes every call itself. It can wait
    /// for foreign descriptors (<c>AddReader</c>).
    /// </summary>
    /// <param name="timerSlack">
    /// How late the kernel may end a wait, to save wake-ups (prctl(2), PR_SET_TIMERSLACK); less
    /// than 100 ns means 1 ns. Null: the thread's own, 50 microseconds by default. It is set for
    /// the thread that runs the loop, with the first poll, and stays set.
    /// </param>
    /// <exception cref="PlatformNotSupportedException">
    /// The system is not Linux.
    /// </exception>
    /// <exception cref="InvalidOperationException">No descriptor is left.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The slack is negative.</exception>
    public static LoopDriver Epoll(TimeSpan? timerSlack = null) => new EpollDriver(timerSlack);

    /// <summary>
    /// <see cref="Epoll"/> on Linux, else <see cref="Sockets"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">No descriptor is left.</exception>
    public static LoopDriver Best() => OperatingSystem.IsLinux() ? Epoll() : Sockets();

    /// <summary>
    /// The driver of a name, case-insensitive.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">
    /// It is not available on this system.
    /// </exception>
    /// <exception cref="ArgumentException">There is no driver of this name.</exception>
    public static LoopDriver Create(string name) =>
        IsSame(name, SystemDriver.SocketsName) ? Sockets()
        : IsSame(name, SystemDriver.EpollName) ? Epoll()
        : throw new ArgumentException(
            $"There is no driver '{name}'; choose from: {string.Join(", ", Names)}.", nameof(name));

    private static bool IsSame(string name, string other) =>
        string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}

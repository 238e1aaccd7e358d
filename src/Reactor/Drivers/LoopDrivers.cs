namespace Reactor.Drivers;

/// <summary>
/// Makes the drivers of this system. A driver serves one loop, which disposes of it; set it as
/// <c>EventLoopOptions.Driver</c>.
/// </summary>
/// <remarks>Any thread.</remarks>
public static class LoopDrivers
{
    /// <summary>
    /// The names of the drivers on this system; the first is the default.
    /// </summary>
    public static IReadOnlyList<string> Names => SystemDriver.Names;

    /// <summary>The portable driver, on the runtime's asynchronous sockets.</summary>
    public static LoopDriver Sockets() => new SocketsDriver();

    /// <summary>
    /// The driver for Linux: the loop's thread waits in epoll_wait and makes every call itself. The
    /// cheapest driver; it can wait for foreign descriptors (<c>AddReader</c>).
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">
    /// The system is not Linux; the message names its drivers.
    /// </exception>
    /// <exception cref="InvalidOperationException">No descriptor is left.</exception>
    public static LoopDriver Epoll() => new EpollDriver();

    /// <summary>
    /// The driver with the least CPU time: <see cref="Epoll"/> on Linux, else
    /// <see cref="Sockets"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">No descriptor is left.</exception>
    public static LoopDriver Best() => OperatingSystem.IsLinux() ? Epoll() : Sockets();

    /// <summary>
    /// The driver of a name, as given on a command line; case-insensitive.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">
    /// It is not available on this system.
    /// </exception>
    /// <exception cref="ArgumentException">There is no driver of this name.</exception>
    public static LoopDriver Create(string name) =>
        IsSame(name, SystemDriver.SocketsName) ? Sockets()
        : IsSame(name, SystemDriver.EpollName) ? Epoll()
        : throw new ArgumentException(
            $"There is no driver '{name}'; choose from: {string.Join(", ", Names)}.",
            nameof(name));

    private static bool IsSame(string name, string other) =>
        string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}

namespace Reactor.Drivers;

/// <summary>
/// The drivers that a loop can run on, by name and by factory. A driver serves one loop, which
/// disposes of it; give it as <c>EventLoopOptions.Driver</c>.
/// </summary>
/// <remarks>Any thread.</remarks>
public static class LoopDrivers
{
    internal const string SocketsName = "sockets";
    internal const string EpollName = "epoll";

    /// <summary>
    /// The names of the drivers that can be had on this system; the first is the default.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } =
        OperatingSystem.IsLinux() ? [SocketsName, EpollName] : [SocketsName];

    /// <summary>
    /// The portable driver, on the framework's asynchronous sockets: every system.
    /// </summary>
    public static LoopDriver Sockets() => new SocketsDriver();

    /// <summary>
    /// The driver for Linux: the loop's own thread waits in epoll_wait and makes every call itself.
    /// Of all drivers the cheapest, and it can wait for foreign descriptors (<c>AddReader</c>).
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">
    /// This is not Linux; the message names the drivers that can be had.
    /// </exception>
    /// <exception cref="InvalidOperationException">No descriptor is left.</exception>
    public static LoopDriver Epoll() => new EpollDriver();

    /// <summary>
    /// The driver that costs the least CPU time on this system: <see cref="Epoll"/> on Linux, else
    /// <see cref="Sockets"/>. It needs no settings in the environment of the process.
    /// </summary>
    /// <exception cref="InvalidOperationException">No descriptor is left.</exception>
    public static LoopDriver Best() => OperatingSystem.IsLinux() ? Epoll() : Sockets();

    /// <summary>
    /// The driver of a name, as a user gives it on a command line: in upper or lower case.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">It is not for this system.</exception>
    /// <exception cref="ArgumentException">There is none of this name.</exception>
    public static LoopDriver Create(string name) =>
        string.Equals(name, SocketsName, StringComparison.OrdinalIgnoreCase) ? Sockets()
        : string.Equals(name, EpollName, StringComparison.OrdinalIgnoreCase) ? Epoll()
        : throw new ArgumentException(
            $"There is no driver '{name}'; choose from: {string.Join(", ", Names)}.",
            nameof(name));
}

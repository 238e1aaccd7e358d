namespace Reactor.Drivers;

/// <summary>
/// Makes drivers for <c>EventLoopOptions.Driver</c>. A driver serves one loop, which disposes of
/// it.
/// </summary>
/// <remarks>
/// Any thread. <see cref="Default"/> and <see cref="Decorate"/> belong to the program, for loops
/// that it did not write itself; a library sets neither.
/// </remarks>
public static class LoopDrivers
{
    private static Func<LoopDriver> s_default = Sockets;
    private static Func<LoopDriver, LoopDriver>? s_decorate;

    /// <summary>
    /// Makes the driver of a loop whose options name none. Default: <see cref="Sockets"/>.
    /// </summary>
    /// <exception cref="ArgumentNullException">The value is null.</exception>
    public static Func<LoopDriver> Default
    {
        get => Volatile.Read(ref s_default);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Volatile.Write(ref s_default, value);
        }
    }

    /// <summary>
    /// Wraps the driver of each loop that is made from now on, also one that options name: a tool
    /// records every loop of a program with it. Null (default): drivers stay as they are.
    /// </summary>
    public static Func<LoopDriver, LoopDriver>? Decorate
    {
        get => Volatile.Read(ref s_decorate);
        set => Volatile.Write(ref s_decorate, value);
    }

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

    /// <summary>The driver of a loop, from the one that its options name.</summary>
    internal static LoopDriver Choose(LoopDriver? named)
    {
        LoopDriver driver = named ?? Default();
        return Decorate is { } decorate ? decorate(driver) : driver;
    }

    private static bool IsSame(string name, string other) =>
        string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}

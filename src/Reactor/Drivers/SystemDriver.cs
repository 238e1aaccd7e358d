using System.Diagnostics;
using System.Net.Sockets;

namespace Reactor.Drivers;

/// <summary>
/// What the drivers of the operating system share: clocks, random numbers, listening sockets and
/// the descriptor reserve. Loop thread only, but for the clock.
/// </summary>
internal abstract class SystemDriver : LoopDriver
{
    internal const string SocketsName = "sockets";
    internal const string EpollName = "epoll";

    private readonly long _epoch = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public override TimeSpan Now => Stopwatch.GetElapsedTime(_epoch);

#pragma warning disable RS0030 // the source of time and random numbers
    /// <inheritdoc/>
    public override DateTimeOffset UtcNow => DateTimeOffset.UtcNow;

    /// <inheritdoc/>
    public override Random Random => Random.Shared;
#pragma warning restore RS0030

    /// <inheritdoc cref="LoopDrivers.Names"/>
    internal static IReadOnlyList<string> Names { get; } =
        OperatingSystem.IsLinux() ? [SocketsName, EpollName] : [SocketsName];

    internal DescriptorReserve Reserve { get; } = new();

    private protected bool IsDisposed { get; private set; }

    /// <summary>Rounds up, so that no timer fires early; −1, no timeout, for null.</summary>
    internal static int ToMilliseconds(TimeSpan? timeout) => timeout is { } longest
        ? (int)Math.Min(int.MaxValue, Math.Ceiling(longest.TotalMilliseconds))
        : Timeout.Infinite;

    /// <summary>Makes a bound socket listen; if it listens already, changes the backlog.</summary>
    /// <exception cref="ArgumentException">It is not a bound stream socket.</exception>
    internal static void BeginListening(Socket socket, ListenOptions options)
    {
        if (socket.SocketType != SocketType.Stream || !socket.IsBound)
        {
            throw new ArgumentException("A stream socket that is bound was expected.");
        }

        TcpInfo.LimitUnsent(socket, options.UnsentBytesMax);
        socket.Listen(options.Backlog);
    }

    internal void PostCompleted(LoopWork waiter)
    {
        if (!IsDisposed)
        {
            Scheduler.Post(waiter);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        IsDisposed = true;
        Reserve.Dispose();
        base.Dispose(disposing);
    }
}

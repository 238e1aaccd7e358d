using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Reactor.Drivers;

/// <summary>
/// The portable driver: <c>Socket.AcceptAsync</c>, <c>ReceiveAsync</c> and <c>SendAsync</c>. The
/// runtime waits for the kernel on a thread of its own; what completes goes to a queue, the way an
/// I/O completion port would have it, and the loop thread drains that queue in its poll.
/// </summary>
/// <remarks>
/// <para>
/// None of our completion callbacks runs user code, so a program may let the runtime call them
/// straight from its epoll thread (<c>DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1</c>) and spare
/// the hop over the thread pool. The switch is the process's, so only programs set it.
/// </para>
/// <para>
/// Works wherever .NET has sockets; measured and tested on Linux only. The readiness of foreign
/// descriptors cannot be had here. Timers are exact to a millisecond, upwards.
/// </para>
/// </remarks>
public sealed class SocketsDriver : LoopDriver
{
    private readonly long _epoch = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public override string Name => "sockets";

    /// <inheritdoc/>
    public override TimeSpan Now => Stopwatch.GetElapsedTime(_epoch);

#pragma warning disable RS0030 // this is where the time and the random numbers come in
    /// <inheritdoc/>
    public override DateTimeOffset UtcNow => DateTimeOffset.UtcNow;

    /// <inheritdoc/>
    public override Random Random => Random.Shared;
#pragma warning restore RS0030

    internal CompletionQueue Completions { get; } = new();

    /// <summary>Lets one connection be turned away when no descriptor is left.</summary>
    internal DescriptorReserve Reserve { get; } = new();

    /// <inheritdoc/>
    public override void Poll(TimeSpan? deadline)
    {
        SocketsOperation? completed = Completions.TakeAll();
        if (completed is null && deadline != TimeSpan.Zero)
        {
            TimeSpan? timeout = deadline - Now;
            if (timeout is null || timeout > TimeSpan.Zero)
            {
                Completions.Sleep(timeout);
                completed = Completions.TakeAll();
            }
        }

        while (completed is not null)
        {
            SocketsOperation operation = completed;
            completed = operation.Next;
            operation.Next = null;
            operation.OnCompleted();
        }
    }

    /// <inheritdoc/>
    public override void Wake() => Completions.Wake();

    /// <inheritdoc/>
    public override DriverListener Listen(EndPoint endPoint, ListenOptions options)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(options);
        if (endPoint.AddressFamily == AddressFamily.Unix && OperatingSystem.IsLinux())
        {
            return ListenOnPath(endPoint, options);
        }

        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolOf(endPoint));
        try
        {
            // Never ReuseAddress: on Linux .NET makes it a port that two processes can share, and a
            // port that is taken would go unnoticed. Who wants to share it says so, by name.
            if (options.ReusePort && socket.ProtocolType == ProtocolType.Tcp)
            {
                SharePort(socket);
            }

            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
            {
                socket.DualMode = false;
            }

            socket.Bind(endPoint);
            return Listen(socket, options, isOwn: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override DriverListener Listen(Socket socket, ListenOptions options)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(options);
        if (socket.SocketType != SocketType.Stream || !socket.IsBound)
        {
            throw new ArgumentException("A stream socket that is bound was expected.");
        }

        return Listen(socket, options, isOwn: false);
    }

    private SocketsListener Listen(Socket socket, ListenOptions options, bool isOwn)
    {
        TcpInfo.LimitUnsent(socket, options.UnsentBytesMax);
        socket.Listen(options.Backlog); // of one that listens already it changes the backlog
        Reserve.Fill();
        return new SocketsListener(this, socket, options, isOwn);
    }

    /// <inheritdoc/>
    public override DriverConnect Connect(EndPoint endPoint) => Connect(endPoint, null);

    /// <inheritdoc/>
    public override DriverConnect Connect(EndPoint endPoint, EndPoint? localEndPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new SocketsConnect(this, endPoint, localEndPoint);
    }

    internal static ProtocolType ProtocolOf(EndPoint endPoint) =>
        endPoint.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp;

    // Not the runtime's bind: its socket removes the path at the end, also that of a successor.
    private SocketsListener ListenOnPath(EndPoint endPoint, ListenOptions options)
    {
        int descriptor = NativeSocket.Open(endPoint, out SocketError error);
        if (descriptor < 0)
        {
            throw new SocketException((int)error);
        }

        var handle = new SafeSocketHandle(descriptor, ownsHandle: true);
        error = UnixPath.Listen(descriptor, endPoint, options.Backlog, out UnixPath? path);
        if (error != SocketError.Success)
        {
            handle.Dispose();
            throw new SocketException((int)error);
        }

        Reserve.Fill();
        return new SocketsListener(this, new Socket(handle), options, isOwn: true, path);
    }

    private static void SharePort(Socket socket)
    {
        const int SolSocket = 1;
        const int SoReusePort = 15;
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException(
                "Several listeners share a port on Linux only: open one listener.");
        }

        socket.SetRawSocketOption(SolSocket, SoReusePort, BitConverter.GetBytes(1));
    }

    internal void PostCompleted(LoopWork waiter) => Scheduler.Post(waiter);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Reserve.Dispose();
        }

        base.Dispose(disposing);
    }
}

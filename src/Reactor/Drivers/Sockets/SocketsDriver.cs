using System.Net;
using System.Net.Sockets;

namespace Reactor.Drivers;

/// <summary>
/// The portable driver: <c>Socket.AcceptAsync</c>, <c>ReceiveAsync</c> and <c>SendAsync</c>. The
/// runtime waits on a thread of its own; completions go to a queue that the poll drains.
/// </summary>
/// <remarks>
/// <para>
/// Completion callbacks run no user code, so a program may let the runtime call them on its epoll
/// thread (<c>DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1</c>), without the thread pool. The
/// switch is process-wide, so only programs set it.
/// </para>
/// <para>
/// Tested on Linux only. Cannot watch foreign descriptors. Timers are rounded up to a millisecond.
/// </para>
/// </remarks>
internal sealed class SocketsDriver : SystemDriver
{
    /// <inheritdoc/>
    public override string Name => SocketsName;

    internal CompletionQueue Completions { get; } = new();

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
            // Never ReuseAddress: on Linux .NET then sets SO_REUSEPORT, and a port in use would go
            // unnoticed.
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

        return Listen(socket, options, isOwn: false);
    }

    private SocketsListener Listen(Socket socket, ListenOptions options, bool isOwn)
    {
        BeginListening(socket, options);
        Reserve.Fill();
        return new SocketsListener(this, socket, options, isOwn);
    }

    /// <inheritdoc/>
    public override DriverConnect Connect(EndPoint endPoint, EndPoint? localEndPoint = null)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new SocketsConnect(this, endPoint, localEndPoint);
    }

    internal static ProtocolType ProtocolOf(EndPoint endPoint) =>
        endPoint.AddressFamily == AddressFamily.Unix ? ProtocolType.Unspecified : ProtocolType.Tcp;

    // Not the runtime's bind: its socket removes the path at the end, even a successor's.
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
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException(
                "Several listeners share a port on Linux only: open one listener.");
        }

        socket.SetRawSocketOption(Libc.SolSocket, Libc.SoReusePort, BitConverter.GetBytes(1));
    }
}

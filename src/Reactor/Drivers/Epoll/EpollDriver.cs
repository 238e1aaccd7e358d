// How epoll works, what is dangerous about it, and why this driver does as it does.
//
// An epoll instance is a set in the kernel: descriptors, each with the events that somebody is
// interested in and with 64 bits of the owner's. `epoll_ctl` changes the set, `epoll_wait` sleeps
// until something in it is ready and tells what. The sleep is the only place where the loop ever
// waits. Everything else is a call that answers at once, so one thread serves all connections.
//
// Level or edge. By default readiness is a level: as long as bytes lie in a socket's buffer, each
// `epoll_wait` tells so again. That forgives everything and has a price: who does not want to read
// now must take its interest back with a system call, and give it again later with another one. The
// other way (EPOLLET) tells edges: something has *come* since we last were told. Interest is then
// registered once for the life of a socket, and readiness is ours to remember. The duty that comes
// with it: whoever stops before the socket is empty will not be told again. The usual way to keep
// it is to read until the kernel says EAGAIN, one call in two for nothing.
//
// The short read. That last call can be spared. A receive that brings fewer bytes than there was
// room for has emptied the socket; whatever comes after it is a new edge, which the next wait will
// tell. (epoll(7) says so for stream sockets, and epoll looks again at each descriptor before it
// tells of it, so an edge whose bytes we have taken already is not told at all.) So a request costs
// a wait, a receive and a send, and a wait is shared by all who are ready. Two things lie behind
// bytes and are no bytes: the end of the stream, and an urgent byte, at whose mark a receive stops
// short. Both are told as events of their own, and from then on a short read proves nothing:
// such a socket counts as readable until a receive says otherwise.
//
// What is written is tried at once, since there nearly always is room. Interest in room is added
// the first time when there is none, by the same call that begins the wait: the sockets of most
// clients never need it, and would be told of room at once, for nothing, if they asked early. Nor
// is a new connection read before it is told to be readable: adding it tells, if bytes are there.
//
// The stale descriptor. A set holds open files, not numbers. Closing a descriptor takes its file
// out of the set only when no other descriptor of that file is left: after `dup`, or in a child
// that inherited it, the file lives on, still in the set, with the data of an owner who is gone,
// while the number is given to the next connection. The loop that believes the number wakes the
// wrong one. A second way to get there is to close one socket and accept another while a batch of
// events is still being served. This driver runs no user code while it serves a batch, so
// nothing is closed in between; it opens every descriptor close-on-exec; and for what others do,
// such as `dup`, the 64 bits say the number and for the how-manieth time it is in use
// (RegistrationTable.cs). An event of an earlier use is dropped. The address of an object in there,
// which many programs use, would need a list of those who may not be freed yet.
//
// io_uring was left out of this driver: containers forbid it more often than not.
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Reactor.Drivers;

/// <summary>
/// The driver for Linux: the loop's own thread waits in epoll_wait and makes every call itself. No
/// other thread, no queue and no completion object stand between the kernel and the task that
/// waits.
/// </summary>
/// <remarks>
/// Loop thread only, except the clocks and <see cref="Wake"/>. Timers are exact to the grain of the
/// kernel's own timers, some 50 µs, and to a millisecond, upwards, before Linux 5.11.
/// </remarks>
internal sealed class EpollDriver : LoopDriver
{
    /// <summary>The data of the registration that wakes: no number is that large.</summary>
    private const ulong WakeData = ulong.MaxValue;

    private readonly long _epoch = Stopwatch.GetTimestamp();
    private readonly EventBatch _batch = new();
    private readonly SafeFileHandle _epoll;
    private readonly WakeSignal _wake;
    private readonly int _descriptor;
    private bool _isDisposed;

    /// <summary>Makes a driver for one loop.</summary>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    /// <exception cref="DriverException">
    /// No descriptor is left, or the kernel refuses for another reason.
    /// </exception>
    public EpollDriver()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException(
                "The epoll driver needs Linux; here these can be had: "
                + $"{string.Join(", ", LoopDrivers.Names)}.");
        }

        _epoll = NewHandle(Libc.EpollCreate(Libc.EpollCloseOnExec), "epoll_create1");
        _descriptor = (int)_epoll.DangerousGetHandle();
        _wake = new WakeSignal(Calls);
        int errno = Calls.Control(
            _descriptor,
            Libc.EpollAdd,
            _wake.Descriptor,
            EpollEvents.Readable | EpollEvents.EdgeTriggered,
            WakeData);
        if (errno != 0)
        {
            _wake.Dispose();
            _epoll.Dispose();
            throw new DriverException(
                "epoll_ctl failed for the descriptor by which other threads wake the loop: "
                + Marshal.GetPInvokeErrorMessage(errno));
        }
    }

    /// <inheritdoc/>
    public override string Name => LoopDrivers.EpollName;

    /// <inheritdoc/>
    public override TimeSpan Now => Stopwatch.GetElapsedTime(_epoch);

    /// <inheritdoc/>
    public override bool IsPollCostly => true;

#pragma warning disable RS0030 // this is where the time and the random numbers come in
    /// <inheritdoc/>
    public override DateTimeOffset UtcNow => DateTimeOffset.UtcNow;

    /// <inheritdoc/>
    public override Random Random => Random.Shared;
#pragma warning restore RS0030

    /// <summary>What the kernel is asked, with its counts.</summary>
    internal SystemCalls Calls { get; } = new();

    /// <summary>Who stands behind which descriptor.</summary>
    internal RegistrationTable Table { get; } = new();

    /// <summary>Lets one connection be turned away when no descriptor is left.</summary>
    internal DescriptorReserve Reserve { get; } = new();

    /// <summary>True while the loop waits, or is about to. Any thread.</summary>
    internal bool IsAsleep => _wake.IsAsleep;

    /// <inheritdoc/>
    public override void Poll(TimeSpan? deadline)
    {
        TimeSpan? timeout = deadline;
        if (deadline is { } when && when != TimeSpan.Zero)
        {
            TimeSpan left = when - Now;
            timeout = left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }

        int count;
        if (timeout == TimeSpan.Zero)
        {
            count = Calls.Wait(_descriptor, _batch, TimeSpan.Zero);
            _wake.Take();
        }
        else
        {
            bool maySleep = _wake.TrySleep();
            count = Calls.Wait(_descriptor, _batch, maySleep ? timeout : TimeSpan.Zero);
            _wake.EndSleep();
        }

        for (int i = 0; i < count; i++)
        {
            EpollEvents events = _batch.Read(i, out ulong data);
            IEpollTarget? target = Table.Find(data);
            if (target is EpollSocket socket)
            {
                socket.OnEvents(events); // nearly always: a direct call, not one by the interface
            }
            else
            {
                target?.OnEvents(events); // nobody: who was meant has gone, or the wake-up
            }
        }
    }

    /// <inheritdoc/>
    public override void Wake() => _wake.Wake();

    /// <inheritdoc/>
    public override DriverListener Listen(EndPoint endPoint, ListenOptions options)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        ArgumentNullException.ThrowIfNull(options);
        return EpollListener.Open(this, endPoint, options);
    }

    /// <inheritdoc/>
    public override DriverListener Listen(Socket socket, ListenOptions options)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(options);
        return EpollListener.Take(this, socket, options);
    }

    /// <inheritdoc/>
    public override DriverConnect Connect(EndPoint endPoint) => Connect(endPoint, null);

    /// <inheritdoc/>
    public override DriverConnect Connect(EndPoint endPoint, EndPoint? localEndPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        return new EpollConnect(this, endPoint, localEndPoint);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// The descriptor is that of a regular file or a directory, which epoll refuses.
    /// </exception>
    public override DriverWatch Watch(SafeHandle handle, LoopWork onReadable, LoopWork onWritable)
    {
        ArgumentNullException.ThrowIfNull(handle);
        return new EpollWatch(this, handle, onReadable, onWritable);
    }

    /// <summary>Begins to hear of a descriptor that stands in the table; the errno, or 0.</summary>
    internal int Register(int descriptor, EpollEvents events) =>
        Calls.Control(_descriptor, Libc.EpollAdd, descriptor, events, Table.DataOf(descriptor));

    /// <summary>Changes what is heard; the errno, or 0. What is ready now is told again.</summary>
    internal int Change(int descriptor, EpollEvents events) =>
        Calls.Control(_descriptor, Libc.EpollModify, descriptor, events, Table.DataOf(descriptor));

    /// <summary>Ends the registration of a descriptor that stays open.</summary>
    internal void Unregister(int descriptor)
    {
        if (!_isDisposed)
        {
            Calls.Control(_descriptor, Libc.EpollDelete, descriptor, EpollEvents.None, 0);
        }
    }

    /// <summary>Posts who waited for an operation; nobody once the loop is closed.</summary>
    internal void PostCompleted(LoopWork waiter)
    {
        if (!_isDisposed)
        {
            Scheduler.Post(waiter);
        }
    }

    /// <summary>A new descriptor of the driver's own, held safely.</summary>
    /// <exception cref="InvalidOperationException">The call that made it failed.</exception>
    internal static SafeFileHandle NewHandle(int descriptor, string call) => descriptor >= 0
        ? new SafeFileHandle(descriptor, ownsHandle: true)
        : throw new DriverException(
            $"{call} failed: {Marshal.GetPInvokeErrorMessage(Errno.Last)}");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            Table.ReleaseAll();
            Reserve.Dispose();
            _wake.Dispose();
            _epoll.Dispose();
        }

        base.Dispose(disposing);
    }
}

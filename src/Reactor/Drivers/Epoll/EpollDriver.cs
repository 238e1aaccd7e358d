// How epoll works, its dangers, and why this driver does what it does.
//
// An epoll instance is a set of descriptors, each with the events of interest and 64 bits of the
// owner's. `epoll_ctl` changes the set; `epoll_wait` sleeps until something in it is ready.
//
// Level or edge. By default readiness is a level: `epoll_wait` reports a socket as long as bytes
// are in its buffer, and a reader that pauses must remove and restore its interest by system calls.
// Edge-triggered (EPOLLET), only new arrivals are reported: interest is registered once, and the
// driver remembers the readiness. Usually a reader then reads until EAGAIN, one call in two for
// nothing.
//
// The short read avoids that call: a receive that does not fill the buffer has emptied the socket,
// and what arrives later is a new edge (epoll(7) guarantees it for stream sockets). epoll checks
// each descriptor again before it reports it, so an edge whose bytes were taken is not reported. A
// request costs a shared wait, a receive and a send. After the events of an end of the stream or an
// urgent byte, at whose mark a receive stops, a short read proves nothing: such a socket counts as
// readable until EAGAIN.
//
// A send is tried at once. Interest in room is added when there is none for the first time; most
// sockets never need it. Registering a new connection reports bytes that are already there.
//
// The stale descriptor. A set holds open files, not numbers. If another descriptor refers to the
// file (`dup`, a child that inherited it), it stays in the set after the close with the data of the
// old owner, while its number goes to the next connection. A close during a batch has the same
// effect. So no user code runs during a batch, descriptors are close-on-exec, and the 64 bits hold
// number and generation (RegistrationTable.cs): an event of an earlier generation is dropped.
//
// io_uring was not used: containers often forbid it.
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Reactor.Drivers;

/// <summary>
/// The driver for Linux: the loop's thread waits in epoll_wait and makes every call itself.
/// </summary>
/// <remarks>
/// Loop thread only, except the clocks and <see cref="Wake"/>. Timers are exact to some 50 µs, the
/// slack of the kernel's timers, unless a smaller one is set; before Linux 5.11 they are rounded up
/// to a millisecond.
/// </remarks>
internal sealed class EpollDriver : SystemDriver
{
    /// <summary>The data of the wake-up registration: no descriptor is that large.</summary>
    private const ulong WakeData = ulong.MaxValue;

    private readonly EventBatch _batch = new();
    private readonly SafeFileHandle _epoll;
    private readonly WakeSignal _wake;
    private readonly int _descriptor;

    private TimeSpan? _timerSlack; // null: set, or not wanted

    /// <summary>Makes a driver for one loop.</summary>
    /// <param name="timerSlack">See <see cref="LoopDrivers.Epoll"/>.</param>
    /// <exception cref="PlatformNotSupportedException">This is not Linux.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The slack is negative.</exception>
    /// <exception cref="DriverException">
    /// No descriptor is left, or the kernel refuses for another reason.
    /// </exception>
    public EpollDriver(TimeSpan? timerSlack = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timerSlack ?? default, TimeSpan.Zero);
        _timerSlack = timerSlack;
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException(
                "The epoll driver needs Linux; the drivers of this system: "
                + $"{string.Join(", ", Names)}.");
        }

        _epoll = NewHandle(Libc.EpollCreate(Libc.EpollCloseOnExec), "epoll_create1");
        _descriptor = (int)_epoll.DangerousGetHandle();
        _wake = new WakeSignal(Calls);
        int errno = Calls.Control(
            _descriptor, Libc.EpollAdd, _wake.Descriptor,
            EpollEvents.Readable | EpollEvents.EdgeTriggered, WakeData);
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
    public override string Name => EpollName;

    /// <inheritdoc/>
    public override bool IsPollCostly => true;

    internal SystemCalls Calls { get; } = new();

    internal RegistrationTable Table { get; } = new();

    /// <summary>True while the loop waits, or is about to. Any thread.</summary>
    internal bool IsAsleep => _wake.IsAsleep;

    /// <inheritdoc/>
    public override void Poll(TimeSpan? deadline)
    {
        if (_timerSlack is { } slack)
        {
            // The slack belongs to the thread, and only here is the loop's thread known.
            SystemCalls.SetTimerSlack(slack);
            _timerSlack = null;
        }

        TimeSpan? timeout = deadline == TimeSpan.Zero ? deadline : deadline - Now;
        int count;
        if (timeout <= TimeSpan.Zero)
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
                socket.OnEvents(events); // nearly always: a direct call
            }
            else
            {
                target?.OnEvents(events); // null: an earlier generation, or the wake-up
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
    public override DriverConnect Connect(EndPoint endPoint, EndPoint? localEndPoint = null)
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

    /// <summary>Registers a descriptor of the table; 0 or the errno.</summary>
    internal int Register(int descriptor, EpollEvents events) =>
        Calls.Control(_descriptor, Libc.EpollAdd, descriptor, events, Table.DataOf(descriptor));

    /// <summary>Changes the interest; 0 or the errno. Reports again what is ready now.</summary>
    internal int Change(int descriptor, EpollEvents events) =>
        Calls.Control(_descriptor, Libc.EpollModify, descriptor, events, Table.DataOf(descriptor));

    /// <summary>Ends the registration of a descriptor that stays open.</summary>
    internal void Unregister(int descriptor)
    {
        if (!IsDisposed)
        {
            Calls.Control(_descriptor, Libc.EpollDelete, descriptor, EpollEvents.None, 0);
        }
    }

    /// <summary>Wraps a new descriptor.</summary>
    /// <exception cref="DriverException">The call that made it failed.</exception>
    internal static SafeFileHandle NewHandle(int descriptor, string call) => descriptor >= 0
        ? new SafeFileHandle(descriptor, ownsHandle: true)
        : throw new DriverException($"{call} failed: {Marshal.GetPInvokeErrorMessage(Errno.Last)}");

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (!IsDisposed)
        {
            base.Dispose(disposing);
            Table.ReleaseAll();
            _wake.Dispose();
            _epoll.Dispose();
        }
    }
}

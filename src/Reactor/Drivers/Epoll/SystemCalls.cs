using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// What the epoll driver asks the kernel, each call counted: how many calls an exchange costs is a
/// promise of the driver, and a test reads the counts. One increment beside a system call is
/// nothing.
/// </summary>
/// <remarks>
/// Loop thread only, except <see cref="Wakes"/>. No call here waits but <see cref="Wait"/>. A call
/// that a signal interrupted is made again, except a wait: a poll may return for no reason.
/// </remarks>
internal sealed unsafe class SystemCalls
{
    private const long NanosecondsPerTick = 100;

    private long _wakes;

    /// <summary>epoll_wait, or epoll_pwait2.</summary>
    public long Waits { get; private set; }

    /// <summary>epoll_ctl: interest that was registered, changed or taken back.</summary>
    public long Controls { get; private set; }

    /// <summary>recv, whatever it brought.</summary>
    public long Receives { get; private set; }

    /// <summary>Of these, those that only learned that nothing is there.</summary>
    public long EmptyReceives { get; private set; }

    /// <summary>send, whatever it took.</summary>
    public long Sends { get; private set; }

    /// <summary>Of these, those that only learned that there is no room.</summary>
    public long FullSends { get; private set; }

    /// <summary>accept4, whatever it brought.</summary>
    public long Accepts { get; private set; }

    /// <summary>Writes to the event descriptor that wakes the loop. Any thread.</summary>
    public long Wakes => Volatile.Read(ref _wakes);

    /// <summary>
    /// False makes do without epoll_pwait2: it is not there, or forbidden, as the filters of old
    /// container runtimes forbid what they do not know.
    /// </summary>
    public bool HasPreciseWait { get; set; } = true;

    /// <summary>Waits for events; how many there are, 0 when time is over.</summary>
    /// <param name="epoll">The epoll descriptor.</param>
    /// <param name="batch">Where the events go.</param>
    /// <param name="timeout">Zero: do not wait; null: for ever.</param>
    /// <exception cref="InvalidOperationException">The kernel refuses.</exception>
    public int Wait(int epoll, EventBatch batch, TimeSpan? timeout)
    {
        Waits++;
        int count;
        if (timeout is { Ticks: > 0 } longest && HasPreciseWait)
        {
            var time = new Libc.Timespec
            {
                Seconds = longest.Ticks / TimeSpan.TicksPerSecond,
                Nanoseconds = longest.Ticks % TimeSpan.TicksPerSecond * NanosecondsPerTick,
            };
            count = Libc.EpollWait2(epoll, batch.Memory, EventBatch.EventsMax, &time);
            if (count < 0 && Errno.Last is Errno.NotImplemented or Errno.NotPermitted)
            {
                HasPreciseWait = false;
                return 0;
            }
        }
        else
        {
            count = Libc.EpollWait(
                epoll, batch.Memory, EventBatch.EventsMax, ToMilliseconds(timeout));
        }

        if (count >= 0)
        {
            return count;
        }

        int errno = Errno.Last;
        return errno == Errno.Interrupted
            ? 0
            : throw new InvalidOperationException(
                $"epoll_wait failed: {Marshal.GetPInvokeErrorMessage(errno)}");
    }

    /// <summary>Registers, changes or takes back interest; 0, or the errno.</summary>
    public int Control(int epoll, int operation, int descriptor, EpollEvents events, ulong data)
    {
        Controls++;
        byte* value = stackalloc byte[EventBatch.EventBytes];
        EventBatch.Write(value, events, data);
        return Libc.EpollControl(epoll, operation, descriptor, value) == 0 ? 0 : Errno.Last;
    }

    /// <summary>Receives what is there.</summary>
    public IoResult Receive(int descriptor, Span<byte> buffer)
    {
        while (true)
        {
            Receives++;
            nint count;
            fixed (byte* start = buffer)
            {
                count = Libc.Receive(descriptor, start, (nuint)buffer.Length, 0);
            }

            if (count >= 0)
            {
                return new IoResult((int)count, SocketError.Success);
            }

            int errno = Errno.Last;
            if (errno == Errno.WouldBlock)
            {
                EmptyReceives++;
                return IoResult.NotNow;
            }

            if (errno != Errno.Interrupted)
            {
                return new IoResult(0, Errno.ToSocketError(errno));
            }
        }
    }

    /// <summary>
    /// Sends what the kernel takes. A peer that is gone is an error value, and no SIGPIPE.
    /// </summary>
    public IoResult Send(int descriptor, ReadOnlySpan<byte> data)
    {
        while (true)
        {
            Sends++;
            nint count;
            fixed (byte* start = data)
            {
                count = Libc.Send(descriptor, start, (nuint)data.Length, Libc.MsgNoSignal);
            }

            if (count >= 0)
            {
                return new IoResult((int)count, SocketError.Success);
            }

            int errno = Errno.Last;
            if (errno == Errno.WouldBlock)
            {
                FullSends++;
                return IoResult.NotNow;
            }

            if (errno != Errno.Interrupted)
            {
                return new IoResult(0, Errno.ToSocketError(errno));
            }
        }
    }

    /// <summary>
    /// Takes one connection, which does not block and does not outlive an exec; its descriptor, or
    /// −1 with the error.
    /// </summary>
    public int Accept(int listener, ref RawAddress peer, out SocketError error)
    {
        while (true)
        {
            Accepts++;
            uint length = RawAddress.BytesMax;
            int accepted;
            fixed (byte* address = peer.Bytes)
            {
                accepted = Libc.Accept(
                    listener, address, &length, Libc.SockNonBlock | Libc.SockCloseOnExec);
            }

            if (accepted >= 0)
            {
                peer.Length = (int)length;
                error = SocketError.Success;
                return accepted;
            }

            int errno = Errno.Last;
            if (errno != Errno.Interrupted)
            {
                error = Errno.ToSocketError(errno);
                return -1;
            }
        }
    }

    /// <summary>Adds one to an event descriptor. Any thread.</summary>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public void Signal(SafeHandle eventDescriptor)
    {
        Interlocked.Increment(ref _wakes);
        ulong one = 1;
        Libc.Write(eventDescriptor, (byte*)&one, sizeof(ulong));
    }

    // Up, so that a timer never fires early.
    private static int ToMilliseconds(TimeSpan? timeout) => timeout is { } longest
        ? (int)Math.Min(
            int.MaxValue,
            (longest.Ticks + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond)
        : -1;
}

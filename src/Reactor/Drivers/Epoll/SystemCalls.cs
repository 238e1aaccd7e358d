using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// The system calls of the epoll driver, each counted, because a test checks how many an exchange
/// costs.
/// </summary>
/// <remarks>
/// Loop thread only, except <see cref="Wakes"/> and <see cref="Signal"/>. Only <see cref="Wait"/>
/// blocks. Interrupted calls are repeated, except a wait.
/// </remarks>
internal sealed unsafe class SystemCalls
{
    private const long NanosecondsPerTick = 100;

    private long _wakes;

    /// <summary>epoll_wait, or epoll_pwait2.</summary>
    public long Waits { get; private set; }

    /// <summary>epoll_ctl.</summary>
    public long Controls { get; private set; }

    /// <summary>recv.</summary>
    public long Receives { get; private set; }

    /// <summary>recv with EAGAIN.</summary>
    public long EmptyReceives { get; private set; }

    /// <summary>send.</summary>
    public long Sends { get; private set; }

    /// <summary>send with EAGAIN.</summary>
    public long FullSends { get; private set; }

    /// <summary>accept4.</summary>
    public long Accepts { get; private set; }

    /// <summary>Writes to the eventfd that wakes the loop. Any thread.</summary>
    public long Wakes => Volatile.Read(ref _wakes);

    /// <summary>
    /// False if epoll_pwait2 is missing, or forbidden by the filter of an old container runtime.
    /// </summary>
    public bool HasPreciseWait { get; set; } = true;

    /// <summary>Waits for events; returns their number, 0 after the timeout.</summary>
    /// <param name="epoll">The epoll descriptor.</param>
    /// <param name="batch">Receives the events.</param>
    /// <param name="timeout">Zero: do not wait; null: no timeout.</param>
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
            int milliseconds = SystemDriver.ToMilliseconds(timeout);
            count = Libc.EpollWait(epoll, batch.Memory, EventBatch.EventsMax, milliseconds);
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

    /// <summary>
    /// Sets the timer slack of this thread. A filter of system calls may forbid it: then timers
    /// stay as exact as they are.
    /// </summary>
    public static void SetTimerSlack(TimeSpan slack) =>
        _ = Libc.ProcessControl(
            Libc.SetTimerSlack, (nuint)Math.Max(1, slack.Ticks * NanosecondsPerTick), 0, 0, 0);

    /// <summary>Registers, changes or removes interest; 0 or the errno.</summary>
    public int Control(int epoll, int operation, int descriptor, EpollEvents events, ulong data)
    {
        Controls++;
        byte* value = stackalloc byte[EventBatch.EventBytes];
        EventBatch.Write(value, events, data);
        return Libc.EpollControl(epoll, operation, descriptor, value) == 0 ? 0 : Errno.Last;
    }

    public IoResult Receive(int descriptor, Span<byte> buffer)
    {
        nint count;
        int errno;
        do
        {
            Receives++;
            fixed (byte* start = buffer)
            {
                count = Libc.Receive(descriptor, start, (nuint)buffer.Length, 0);
            }

            errno = count < 0 ? Errno.Last : 0;
        }
        while (errno == Errno.Interrupted);
        EmptyReceives += errno == Errno.WouldBlock ? 1 : 0;
        return Outcome(count, errno);
    }

    /// <summary>Sends what the kernel takes, without SIGPIPE.</summary>
    public IoResult Send(int descriptor, ReadOnlySpan<byte> data)
    {
        nint count;
        int errno;
        do
        {
            Sends++;
            fixed (byte* start = data)
            {
                count = Libc.Send(descriptor, start, (nuint)data.Length, Libc.MsgNoSignal);
            }

            errno = count < 0 ? Errno.Last : 0;
        }
        while (errno == Errno.Interrupted);
        FullSends += errno == Errno.WouldBlock ? 1 : 0;
        return Outcome(count, errno);
    }

    /// <summary>Accepts a connection: the descriptor, or −1 with the error.</summary>
    public int Accept(int listener, ref RawAddress peer, out SocketError error)
    {
        int accepted;
        int errno;
        uint length;
        do
        {
            Accepts++;
            length = RawAddress.BytesMax;
            fixed (byte* address = peer.Bytes)
            {
                accepted = Libc.Accept(
                    listener, address, &length, Libc.SockNonBlock | Libc.SockCloseOnExec);
            }

            errno = accepted < 0 ? Errno.Last : 0;
        }
        while (errno == Errno.Interrupted);
        peer.Length = (int)length;
        error = errno == 0 ? SocketError.Success : Errno.ToSocketError(errno);
        return accepted;
    }

    private static IoResult Outcome(nint count, int errno) => errno == 0
        ? new IoResult((int)count, SocketError.Success)
        : new IoResult(0, Errno.ToSocketError(errno));

    /// <summary>Adds one to an eventfd. Any thread.</summary>
    /// <exception cref="ObjectDisposedException">It is closed.</exception>
    public void Signal(SafeHandle eventDescriptor)
    {
        Interlocked.Increment(ref _wakes);
        ulong one = 1;
        Libc.Write(eventDescriptor, (byte*)&one, sizeof(ulong));
    }
}

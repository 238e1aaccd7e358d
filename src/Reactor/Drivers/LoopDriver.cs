using System.Net;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// The one seam between a loop and the world: the time, waiting, waking, sockets and random
/// numbers. Above it nothing knows which driver runs.
/// </summary>
/// <remarks>
/// <para>
/// A driver serves one loop. What a driver must give: a clock that never goes back; a poll that
/// returns at the deadline or as soon as something completed or <see cref="Wake"/> was called;
/// completions that are posted from inside the poll, on the loop thread, and run no user code
/// there. What nobody may assume: that a socket is readable because a wait for it completed, or
/// that a poll returns only for a reason.
/// </para>
/// <para>
/// Loop thread only, except <see cref="Now"/>, <see cref="UtcNow"/> and <see cref="Wake"/>.
/// </para>
/// </remarks>
public abstract class LoopDriver : IDisposable
{
    private CoroutineScheduler? _scheduler;

    /// <summary>The name by which a user chooses it.</summary>
    public abstract string Name { get; }

    /// <summary>Time since the driver was made; it never goes back. Any thread.</summary>
    public abstract TimeSpan Now { get; }

    /// <summary>The wall clock, for dates that people and protocols read. Any thread.</summary>
    public abstract DateTimeOffset UtcNow { get; }

    /// <summary>The grain of <see cref="Now"/>: two moments closer than this are one.</summary>
    public virtual TimeSpan Resolution => TimeSpan.FromMicroseconds(1);

    /// <summary>
    /// True if a poll that does not wait is a system call: while work is ready, the loop then
    /// leaves it out for a few turns and a short time (<c>EventLoopOptions.PollSkipsMax</c>).
    /// </summary>
    public virtual bool IsPollCostly => false;

    /// <summary>The source of every random number that the loop needs.</summary>
    public abstract Random Random { get; }

    /// <summary>The loop that this driver serves.</summary>
    /// <exception cref="InvalidOperationException">It serves none yet.</exception>
    protected CoroutineScheduler Scheduler => _scheduler
        ?? throw new InvalidOperationException("This driver has no loop yet.");

    /// <summary>
    /// Waits until an operation completed, somebody called <see cref="Wake"/>, or the deadline has
    /// come, and posts what completed.
    /// </summary>
    /// <param name="deadline">
    /// A moment on <see cref="Now"/>'s clock; one that has passed means "do not wait", null "wait
    /// for ever".
    /// </param>
    public abstract void Poll(TimeSpan? deadline);

    /// <summary>Makes a poll that waits return, and else the next one. Any thread.</summary>
    public abstract void Wake();

    /// <summary>
    /// Tells the driver that work went to other threads (+1) or came back (-1). A driver with a
    /// virtual clock does not let time jump meanwhile: the work takes real time.
    /// </summary>
    public virtual void NoteWorkElsewhere(int change)
    {
    }

    /// <summary>Opens a listener.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be had.</exception>
    /// <exception cref="PlatformNotSupportedException">
    /// <see cref="ListenOptions.ReusePort"/> was asked for where there is no such thing.
    /// </exception>
    public abstract DriverListener Listen(EndPoint endPoint, ListenOptions options);

    /// <summary>
    /// Listens with a socket that the caller has bound; the listener owns it from then on.
    /// </summary>
    /// <exception cref="NotSupportedException">
    /// This driver does not work with sockets of the runtime.
    /// </exception>
    /// <exception cref="ArgumentException">It is not a bound stream socket.</exception>
    public virtual DriverListener Listen(
        System.Net.Sockets.Socket socket, ListenOptions options) =>
        throw new NotSupportedException(
            $"The {Name} driver cannot take a socket of yours: give it the address.");

    /// <summary>
    /// Begins to connect; await the operation. What goes wrong, also here already, is its outcome.
    /// </summary>
    public abstract DriverConnect Connect(EndPoint endPoint);

    /// <summary>Begins to connect from an address of this end; null: any.</summary>
    /// <exception cref="NotSupportedException">This driver cannot choose.</exception>
    public virtual DriverConnect Connect(EndPoint endPoint, EndPoint? localEndPoint) =>
        localEndPoint is null
            ? Connect(endPoint)
            : throw new NotSupportedException(
                $"The {Name} driver cannot choose the address of this end.");

    /// <summary>
    /// Begins to watch a descriptor that is not the driver's own, with no interest yet. A
    /// descriptor is watched once at a time.
    /// </summary>
    /// <param name="handle">An open descriptor.</param>
    /// <param name="onReadable">Posted by each poll that finds it readable.</param>
    /// <param name="onWritable">Posted by each poll that finds it writable.</param>
    /// <exception cref="PlatformNotSupportedException">
    /// This driver cannot wait for foreign descriptors; as long as it is not overridden.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The descriptor is that of a socket of this driver.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The handle is closed.</exception>
    public virtual DriverWatch Watch(
        SafeHandle handle, LoopWork onReadable, LoopWork onWritable) =>
        throw new PlatformNotSupportedException(
            $"The {Name} driver cannot wait for the readiness of foreign descriptors: run this "
            + "loop on the epoll driver (LoopDrivers.Epoll, Linux).");

    /// <summary>Binds the driver to its loop, once.</summary>
    /// <exception cref="InvalidOperationException">It serves another loop.</exception>
    internal virtual void Attach(CoroutineScheduler scheduler)
    {
        if (_scheduler is not null)
        {
            throw new InvalidOperationException(
                $"This {Name} driver serves another loop: each loop needs a driver of its own.");
        }

        _scheduler = scheduler;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Gives back what the driver holds of the operating system.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

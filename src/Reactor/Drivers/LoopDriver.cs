using System.Net;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// The only interface between a loop and the outside: time, waiting, waking, sockets and random
/// numbers.
/// </summary>
/// <remarks>
/// <para>
/// A driver serves one loop. Its poll posts completions without running user code and may return
/// spuriously; a completed wait does not prove that a socket is ready. To decorate a driver, derive
/// from <see cref="DelegatingLoopDriver"/>.
/// </para>
/// <para>
/// Loop thread only, except <see cref="Now"/>, <see cref="UtcNow"/> and <see cref="Wake"/>.
/// </para>
/// </remarks>
public abstract class LoopDriver : IDisposable, IJobRoute
{
    private CoroutineScheduler? _scheduler;

    /// <summary>The name.</summary>
    public abstract string Name { get; }

    /// <summary>Monotonic time since the driver was made. Any thread.</summary>
    public abstract TimeSpan Now { get; }

    /// <summary>
    /// <see cref="Now"/> for an observer: it is no part of the run, so a recording has no such
    /// reading, and a replay returns the last recorded one. Any thread.
    /// </summary>
    internal virtual TimeSpan ObservedNow => Now;

    /// <summary>The wall clock. Any thread.</summary>
    public abstract DateTimeOffset UtcNow { get; }

    /// <summary>The resolution of <see cref="Now"/>.</summary>
    public virtual TimeSpan Resolution => TimeSpan.FromMicroseconds(1);

    /// <summary>
    /// True if a poll without a wait is a system call, which the loop then skips for a few turns
    /// while work is ready (<c>EventLoopOptions.PollSkipsMax</c>).
    /// </summary>
    public virtual bool IsPollCostly => false;

    /// <summary>The loop's random numbers.</summary>
    public abstract Random Random { get; }

    /// <summary>
    /// Decides in which turn messages of other threads are queued; null: in the next one. Read
    /// once, when the loop is made.
    /// </summary>
    internal virtual MessageGate? Gate => null;

    /// <summary>The loop that this driver serves.</summary>
    /// <exception cref="InvalidOperationException">It serves none yet.</exception>
    protected CoroutineScheduler Scheduler => _scheduler
        ?? throw new InvalidOperationException("This driver has no loop yet.");

    /// <summary>
    /// Waits for completions, a <see cref="Wake"/> or the deadline; posts what completed.
    /// </summary>
    /// <param name="deadline">
    /// A moment of <see cref="Now"/>; in the past: do not wait; null: none.
    /// </param>
    public abstract void Poll(TimeSpan? deadline);

    /// <summary>Makes the current or the next poll return. Any thread.</summary>
    public abstract void Wake();

    /// <summary>
    /// Work went to another thread (+1) or came back (−1). A virtual clock stands meanwhile.
    /// </summary>
    public virtual void NoteWorkElsewhere(int change)
    {
    }

    /// <inheritdoc/>
    void IJobRoute.OnSent(LoopWork job)
    {
        NoteWorkElsewhere(1);
        OnJobSent(job);
    }

    /// <inheritdoc/>
    void IJobRoute.OnGivenUp(LoopWork job)
    {
        NoteWorkElsewhere(-1);
        OnJobGivenUp(job);
    }

    /// <inheritdoc/>
    void IJobRoute.BringBack(LoopWork job, CoroutineScheduler loop) => BringBack(job, loop);

    /// <inheritdoc/>
    void IJobRoute.OnBack(LoopWork job) => NoteWorkElsewhere(-1);

    /// <inheritdoc cref="IJobRoute.OnSent"/>
    internal virtual void OnJobSent(LoopWork job)
    {
    }

    /// <inheritdoc cref="IJobRoute.OnGivenUp"/>
    internal virtual void OnJobGivenUp(LoopWork job)
    {
    }

    /// <inheritdoc cref="IJobRoute.BringBack"/>
    internal virtual void BringBack(LoopWork job, CoroutineScheduler loop) =>
        loop.PostThreadSafe(job);

    /// <summary>Opens a listener.</summary>
    /// <exception cref="System.Net.Sockets.SocketException">
    /// The address could not be bound.
    /// </exception>
    /// <exception cref="PlatformNotSupportedException">
    /// <see cref="ListenOptions.ReusePort"/> is not supported here.
    /// </exception>
    public abstract DriverListener Listen(EndPoint endPoint, ListenOptions options);

    /// <summary>
    /// Listens with a bound socket, which the listener then owns.
    /// </summary>
    /// <exception cref="NotSupportedException">This driver cannot use it.</exception>
    /// <exception cref="ArgumentException">It is not a bound stream socket.</exception>
    public virtual DriverListener Listen(System.Net.Sockets.Socket socket, ListenOptions options) =>
        throw new NotSupportedException(
            $"The {Name} driver cannot take a socket of yours: give it the address.");

    /// <summary>
    /// Begins to connect; await the operation, whose outcome has every failure.
    /// </summary>
    /// <param name="endPoint">The address of the peer.</param>
    /// <param name="localEndPoint">The address of this end; null: any.</param>
    public abstract DriverConnect Connect(EndPoint endPoint, EndPoint? localEndPoint = null);

    /// <summary>
    /// Watches a foreign descriptor, without interest at first; at most one watch each.
    /// </summary>
    /// <param name="handle">An open descriptor.</param>
    /// <param name="onReadable">Posted by each poll that finds it readable.</param>
    /// <param name="onWritable">Posted by each poll that finds it writable.</param>
    /// <exception cref="PlatformNotSupportedException">This driver has no watches.</exception>
    /// <exception cref="InvalidOperationException">
    /// The descriptor is of a socket of this driver.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The handle is closed.</exception>
    public virtual DriverWatch Watch(SafeHandle handle, LoopWork onReadable, LoopWork onWritable) =>
        throw new PlatformNotSupportedException(
            $"The {Name} driver cannot wait for the readiness of foreign descriptors: run this "
            + "loop on the epoll driver (LoopDrivers.Epoll, Linux).");

    /// <summary>
    /// Binds the driver to its loop, before any other call.
    /// </summary>
    /// <exception cref="InvalidOperationException">It serves another loop.</exception>
    protected internal virtual void Attach(CoroutineScheduler scheduler)
    {
        if (_scheduler is not null)
        {
            throw new InvalidOperationException(
                $"This {Name} driver serves another loop: each loop needs a driver of its own.");
        }

        _scheduler = scheduler;
    }

    /// <summary>A run begins, on the thread that makes its turns.</summary>
    internal virtual void OnRunBegins()
    {
    }

    /// <summary>The run ends, on its thread.</summary>
    internal virtual void OnRunEnds()
    {
    }

    /// <summary>
    /// Holds signals back while the loop's handlers change, until the result is disposed of; null:
    /// it need not. Loop thread only.
    /// </summary>
    internal virtual IDisposable? HoldSignals() => null;

    /// <summary>A thread uses the loop between two runs, and reads its clock next.</summary>
    internal virtual void OnUsed()
    {
    }

    /// <summary>
    /// Calls a handler on any thread for each signal, until the result is disposed of.
    /// </summary>
    /// <exception cref="PlatformNotSupportedException">There is no such signal.</exception>
    /// <exception cref="IOException">The signal cannot be caught.</exception>
    internal virtual IDisposable ListenSignal(
        PosixSignal signal, Action<PosixSignalContext> handler) =>
        PosixSignalRegistration.Create(signal, handler);

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases what the driver holds of the system.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

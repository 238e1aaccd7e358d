using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// Forwards every member to another driver: a base class to decorate drivers, for example to count
/// or delay calls.
/// </summary>
/// <remarks>
/// Threads as in <see cref="LoopDriver"/>. The inner driver is attached and disposed with this one.
/// </remarks>
/// <param name="inner">The driver behind this one, without a loop yet.</param>
public abstract class DelegatingLoopDriver(LoopDriver inner) : LoopDriver
{
    /// <summary>The driver behind this one.</summary>
    protected LoopDriver Inner { get; } = inner ?? throw new ArgumentNullException(nameof(inner));

    /// <inheritdoc/>
    public override string Name => Inner.Name;

    /// <inheritdoc/>
    public override TimeSpan Now => Inner.Now;

    /// <inheritdoc/>
    internal override TimeSpan ObservedNow => Inner.ObservedNow;

    /// <inheritdoc/>
    public override DateTimeOffset UtcNow => Inner.UtcNow;

    /// <inheritdoc/>
    public override TimeSpan Resolution => Inner.Resolution;

    /// <inheritdoc/>
    public override bool IsPollCostly => Inner.IsPollCostly;

    /// <inheritdoc/>
    public override Random Random => Inner.Random;

    /// <inheritdoc/>
    internal override MessageGate? Gate => Inner.Gate;

    /// <inheritdoc/>
    public override void Poll(TimeSpan? deadline) => Inner.Poll(deadline);

    /// <inheritdoc/>
    public override void Wake() => Inner.Wake();

    /// <inheritdoc/>
    public override void NoteWorkElsewhere(int change) => Inner.NoteWorkElsewhere(change);

    /// <inheritdoc/>
    internal override void OnJobSent(LoopWork job) => Inner.OnJobSent(job);

    /// <inheritdoc/>
    internal override void OnJobGivenUp(LoopWork job) => Inner.OnJobGivenUp(job);

    /// <inheritdoc/>
    internal override void BringBack(LoopWork job, CoroutineScheduler loop) =>
        Inner.BringBack(job, loop);

    /// <inheritdoc/>
    public override DriverListener Listen(EndPoint endPoint, ListenOptions options) =>
        Inner.Listen(endPoint, options);

    /// <inheritdoc/>
    public override DriverListener Listen(Socket socket, ListenOptions options) =>
        Inner.Listen(socket, options);

    /// <inheritdoc/>
    public override DriverConnect Connect(EndPoint endPoint, EndPoint? localEndPoint = null) =>
        Inner.Connect(endPoint, localEndPoint);

    /// <inheritdoc/>
    public override DriverWatch Watch(
        SafeHandle handle, LoopWork onReadable, LoopWork onWritable) =>
        Inner.Watch(handle, onReadable, onWritable);

    /// <inheritdoc/>
    internal override void OnRunBegins() => Inner.OnRunBegins();

    /// <inheritdoc/>
    internal override void OnRunEnds() => Inner.OnRunEnds();

    /// <inheritdoc/>
    internal override IDisposable? HoldSignals() => Inner.HoldSignals();

    /// <inheritdoc/>
    internal override void OnUsed() => Inner.OnUsed();

    /// <inheritdoc/>
    internal override IDisposable ListenSignal(
        PosixSignal signal, Action<PosixSignalContext> handler) =>
        Inner.ListenSignal(signal, handler);

    /// <inheritdoc/>
    protected internal override void Attach(CoroutineScheduler scheduler)
    {
        base.Attach(scheduler);
        Inner.Attach(SchedulerOfInner(scheduler));
    }

    /// <summary>What the inner driver posts to: the loop, or a decorator of it.</summary>
    private protected virtual CoroutineScheduler SchedulerOfInner(CoroutineScheduler loop) => loop;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            Inner.Dispose();
        }

        base.Dispose(disposing);
    }
}

using System.Diagnostics;
using System.Net;

namespace Reactor.Drivers;

/// <summary>
/// What the drivers on an operating system share: clocks, random numbers, the reserve.
/// </summary>
internal abstract class SystemDriver : LoopDriver
{
    private readonly long _epoch = Stopwatch.GetTimestamp();

    /// <inheritdoc/>
    public override TimeSpan Now => Stopwatch.GetElapsedTime(_epoch);

#pragma warning disable RS0030 // the source of time and random numbers
    /// <inheritdoc/>
    public override DateTimeOffset UtcNow => DateTimeOffset.UtcNow;

    /// <inheritdoc/>
    public override Random Random => Random.Shared;
#pragma warning restore RS0030

    /// <summary>To turn one client away when no descriptor is left.</summary>
    internal DescriptorReserve Reserve { get; } = new();

    private protected bool IsDisposed { get; private set; }

    /// <inheritdoc/>
    public override DriverConnect Connect(EndPoint endPoint) => Connect(endPoint, null);

    /// <summary>Posts the waiter of an operation, unless the loop is closed.</summary>
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

using System.Diagnostics.Tracing;

namespace Reactor.Testing;

/// <summary>
/// Counts what one thread has rented from the shared array pools and not given back, by the events
/// of the runtime: a pool itself does not tell.
/// </summary>
/// <remarks>
/// Made on the thread that it counts; the events come on the thread that rents. Every rent of the
/// process becomes an event while one of these lives, so it is not for tests of speed.
/// </remarks>
public sealed class ArrayPoolRents : EventListener
{
    private const string Source = "System.Buffers.ArrayPoolEventSource";

    private readonly int _thread = Environment.CurrentManagedThreadId;

    /// <summary>Arrays that are rented since this was made, less those that came back.</summary>
    public int Count { get; private set; }

    /// <summary>Arrays that were ever rented: zero means that nothing is counted.</summary>
    public int Total { get; private set; }

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        ArgumentNullException.ThrowIfNull(eventSource);
        if (eventSource.Name == Source)
        {
            EnableEvents(eventSource, EventLevel.Verbose);
        }
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        ArgumentNullException.ThrowIfNull(eventData);
        if (Environment.CurrentManagedThreadId != _thread)
        {
            return;
        }

        switch (eventData.EventName)
        {
            case "BufferRented":
                Count++;
                Total++;
                break;
            case "BufferReturned":
                Count--;
                break;
        }
    }
}

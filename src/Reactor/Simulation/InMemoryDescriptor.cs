using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor.Simulation;

/// <summary>
/// A foreign descriptor (pipe, device, socket of another library) whose readiness a test sets.
/// Created by <see cref="InMemoryDriver.OpenDescriptor"/>.
/// </summary>
/// <remarks>
/// Loop thread, or the test's thread while the loop does not run. After disposal it stays open
/// while the loop watches it.
/// </remarks>
public sealed class InMemoryDescriptor : SafeHandle
{
    internal InMemoryDescriptor(InMemoryDriver driver, int number, bool isSocket)
        : base(invalidHandleValue: -1, ownsHandle: true)
    {
        Driver = driver;
        IsSocket = isSocket;
        SetHandle(number);
    }

    /// <summary>True if a read would not block; initially false.</summary>
    public bool IsReadable { get; set; }

    /// <summary>True if a write would not block; initially false.</summary>
    public bool IsWritable { get; set; }

    /// <summary>True once the last reference is released.</summary>
    public bool IsReleased { get; private set; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == -1;

    internal InMemoryDriver Driver { get; }

    /// <summary>True if a connection of the driver owns it.</summary>
    internal bool IsSocket { get; }

    internal DriverReadiness Ready =>
        (IsReadable ? DriverReadiness.Read : DriverReadiness.None)
        | (IsWritable ? DriverReadiness.Write : DriverReadiness.None);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        IsReleased = true;
        return true;
    }
}

/// <summary>The descriptors of an in-memory driver, and their watches.</summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class InMemoryDescriptors(InMemoryDriver driver)
{
    private const int FirstNumber = 3;

    private readonly List<InMemoryWatch> _watches = [];
    private int _opened;

    public InMemoryDescriptor Open(bool isSocket) => new(driver, FirstNumber + _opened++, isSocket);

    public InMemoryWatch Watch(SafeHandle handle, LoopWork onReadable, LoopWork onWritable)
    {
        if (handle is not InMemoryDescriptor descriptor
            || !ReferenceEquals(descriptor.Driver, driver))
        {
            throw new ArgumentException(
                "The in-memory driver watches only what its own OpenDescriptor() opened.",
                nameof(handle));
        }

        if (descriptor.IsSocket)
        {
            throw new InvalidOperationException(
                $"Descriptor {descriptor.DangerousGetHandle()} is used by a connection of this "
                + "loop: read and write through the connection.");
        }

        var watch = new InMemoryWatch(this, descriptor, onReadable, onWritable);
        _watches.Add(watch);
        return watch;
    }

    public void Remove(InMemoryWatch watch) => _watches.Remove(watch);

    public void PostReady()
    {
        foreach (InMemoryWatch watch in _watches)
        {
            watch.Complete(watch.Descriptor.Ready);
        }
    }

    public void CloseWatches()
    {
        foreach (InMemoryWatch watch in _watches.ToArray())
        {
            watch.Close();
        }
    }
}

/// <summary>The watch of an in-memory descriptor; each poll checks its two flags.</summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class InMemoryWatch(
    InMemoryDescriptors descriptors, InMemoryDescriptor descriptor, LoopWork onReadable,
    LoopWork onWritable)
    : DriverWatch(descriptor, onReadable, onWritable)
{
    public InMemoryDescriptor Descriptor => descriptor;

    protected override void Post(LoopWork work) => descriptor.Driver.Deliver(work);

    protected override void OnInterestChanged()
    {
        // Each poll reads the interest; no kernel needs to know it.
    }

    protected override void OnClosed() => descriptors.Remove(this);
}

using System.Runtime.InteropServices;
using Reactor.Drivers;

namespace Reactor.Simulation;

/// <summary>
/// A descriptor that stands for whatever the loop does not know, a pipe, a device, a socket of
/// another library: there is nothing behind it, and a test says when it is ready. Made by
/// <see cref="InMemoryDriver.OpenDescriptor"/>.
/// </summary>
/// <remarks>
/// Loop thread, or the test's thread while the loop does not run. Dispose of it as of every handle;
/// while the loop watches it, it stays open all the same.
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

    /// <summary>True if a read would not have to wait; false at first.</summary>
    public bool IsReadable { get; set; }

    /// <summary>True if a write would not have to wait; false at first.</summary>
    public bool IsWritable { get; set; }

    /// <summary>True once nobody holds it open any more.</summary>
    public bool IsReleased { get; private set; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == -1;

    internal InMemoryDriver Driver { get; }

    /// <summary>True if a connection of the driver's owns it.</summary>
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

/// <summary>The descriptors of one in-memory driver, and who watches them.</summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class InMemoryDescriptors(InMemoryDriver driver)
{
    /// <summary>Numbers begin where they do in a process: 0, 1 and 2 are taken.</summary>
    private const int FirstNumber = 3;

    private readonly List<InMemoryWatch> _watches = [];
    private int _opened;

    public InMemoryDescriptor Open(bool isSocket) =>
        new(driver, FirstNumber + _opened++, isSocket);

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

    /// <summary>
    /// Posts the work for each descriptor that is ready, in the order in which they were watched.
    /// </summary>
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

    public void Deliver(LoopWork work) => driver.Deliver(work);
}

/// <summary>The watch over one in-memory descriptor: a poll looks at its two flags.</summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class InMemoryWatch(
    InMemoryDescriptors descriptors,
    InMemoryDescriptor descriptor,
    LoopWork onReadable,
    LoopWork onWritable)
    : DriverWatch(descriptor, onReadable, onWritable)
{
    public InMemoryDescriptor Descriptor => descriptor;

    protected override void Post(LoopWork work) => descriptors.Deliver(work);

    protected override void OnInterestChanged()
    {
        // Each poll asks for the interest: there is no kernel that would have to know it.
    }

    protected override void OnClosed() => descriptors.Remove(this);
}

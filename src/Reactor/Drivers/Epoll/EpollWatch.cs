using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// The readiness of a foreign descriptor. Level-triggered, unlike sockets, because its owner may
/// leave bytes unread and an edge would not come again.
/// </summary>
/// <remarks>
/// Loop thread only. Without interest it is edge-triggered: the kernel always reports a hang-up,
/// which as a level would never end.
/// </remarks>
internal sealed class EpollWatch : DriverWatch, IEpollTarget
{
    private readonly EpollDriver _driver;
    private readonly int _descriptor;
    private bool _isReleased;

    public EpollWatch(
        EpollDriver driver, SafeHandle handle, LoopWork onReadable, LoopWork onWritable)
        : base(handle, onReadable, onWritable)
    {
        _driver = driver;
        _descriptor = (int)handle.DangerousGetHandle();
        try
        {
            Register();
        }
        catch
        {
            Release();
            throw;
        }
    }

    /// <inheritdoc/>
    public void OnEvents(EpollEvents events)
    {
        bool isOver = (events & (EpollEvents.HangUp | EpollEvents.Error)) != 0;
        bool isReadable = (events & (EpollEvents.Readable | EpollEvents.PeerEnded)) != 0;
        bool isWritable = (events & EpollEvents.Writable) != 0;
        Complete((isOver || isReadable ? DriverReadiness.Read : DriverReadiness.None)
            | (isOver || isWritable ? DriverReadiness.Write : DriverReadiness.None));
    }

    /// <inheritdoc/>
    public void Release()
    {
        _isReleased = true;
        Close();
    }

    protected override void Post(LoopWork work) => _driver.PostCompleted(work);

    protected override void OnInterestChanged()
    {
        if (_isReleased)
        {
            return;
        }

        EpollEvents events = Interest == DriverReadiness.None
            ? EpollEvents.EdgeTriggered
            : EpollEvents.None;
        if ((Interest & DriverReadiness.Read) != 0)
        {
            events |= EpollEvents.Readable | EpollEvents.PeerEnded;
        }

        if ((Interest & DriverReadiness.Write) != 0)
        {
            events |= EpollEvents.Writable;
        }

        ThrowIf(_driver.Change(_descriptor, events));
    }

    protected override void OnClosed()
    {
        if (_isReleased)
        {
            return;
        }

        _driver.Unregister(_descriptor);
        _driver.Table.Remove(_descriptor);
    }

    private void Register()
    {
        if (_driver.Table[_descriptor] is { } target)
        {
            throw new InvalidOperationException(target is EpollWatch
                ? "The descriptor is watched already."
                : "The descriptor is that of a connection of this loop, which reads and writes it "
                    + "itself.");
        }

        _driver.Table.Add(_descriptor, this);
        int errno = _driver.Register(_descriptor, EpollEvents.EdgeTriggered);
        if (errno != 0)
        {
            _driver.Table.Remove(_descriptor);
            ThrowIf(errno);
        }
    }

    private void ThrowIf(int errno)
    {
        if (errno == Errno.NotPermitted)
        {
            throw new ArgumentException(
                "A regular file or a directory is always ready, and epoll refuses to wait for one: "
                + "read it on an executor.");
        }

        if (errno != 0)
        {
            throw new InvalidOperationException(
                $"epoll_ctl refuses descriptor {_descriptor}: "
                + Marshal.GetPInvokeErrorMessage(errno));
        }
    }
}

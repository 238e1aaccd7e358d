using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>What a descriptor can be ready for.</summary>
[Flags]
public enum DriverReadiness
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A read would not have to wait: bytes, the end, or a failure.</summary>
    Read = 1,

    /// <summary>A write would not have to wait: there is room, or a failure.</summary>
    Write = 2,
}

/// <summary>
/// The readiness of one descriptor that is not the driver's own, level-triggered: as long as there
/// is interest and the descriptor is ready, each poll posts the work for it once. Made by
/// <see cref="LoopDriver.Watch"/>; a driver derives from it.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// After interest was taken back, or <see cref="Close"/>, no poll posts anything for it; what an
/// earlier poll posted may still lie in the ready queue, so the work itself must look whether it is
/// wanted. A failure or a hang-up counts as both kinds of readiness, as with asyncio's selectors:
/// whoever waits must learn of it.
/// </para>
/// <para>
/// It holds a reference to the handle. A descriptor's number is therefore not given to another file
/// while it is watched: events of one can never reach the callbacks of the other.
/// </para>
/// </remarks>
public abstract class DriverWatch
{
    private readonly SafeHandle _handle;
    private readonly LoopWork _onReadable;
    private readonly LoopWork _onWritable;
    private bool _isClosed;

    /// <summary>Takes hold of the handle.</summary>
    /// <exception cref="ObjectDisposedException">The handle is closed.</exception>
    protected DriverWatch(SafeHandle handle, LoopWork onReadable, LoopWork onWritable)
    {
        ArgumentNullException.ThrowIfNull(handle);
        ArgumentNullException.ThrowIfNull(onReadable);
        ArgumentNullException.ThrowIfNull(onWritable);
        bool isHeld = false;
        handle.DangerousAddRef(ref isHeld);
        _handle = handle;
        _onReadable = onReadable;
        _onWritable = onWritable;
    }

    /// <summary>What is waited for; none at first.</summary>
    public DriverReadiness Interest
    {
        get;
        set
        {
            if (field != value && !_isClosed)
            {
                field = value;
                OnInterestChanged();
            }
        }
    }

    /// <summary>Ends the watch and lets go of the handle; again is harmless.</summary>
    public void Close()
    {
        if (_isClosed)
        {
            return;
        }

        Interest = DriverReadiness.None;
        _isClosed = true;
        OnClosed();
        _handle.DangerousRelease();
    }

    /// <summary>
    /// Posts the work for what is ready and of interest; a driver calls it from inside the poll.
    /// </summary>
    protected internal void Complete(DriverReadiness ready)
    {
        DriverReadiness wanted = ready & Interest;
        if ((wanted & DriverReadiness.Read) != 0)
        {
            PostOnce(_onReadable);
        }

        if ((wanted & DriverReadiness.Write) != 0)
        {
            PostOnce(_onWritable);
        }
    }

    /// <summary>Hands work to the loop.</summary>
    protected abstract void Post(LoopWork work);

    /// <summary>Tells the kernel what <see cref="Interest"/> is now.</summary>
    protected abstract void OnInterestChanged();

    /// <summary>Forgets the descriptor; its handle is still open.</summary>
    protected abstract void OnClosed();

    // A batch that an exception ended leaves its rest in the queue, and the level is still high.
    private void PostOnce(LoopWork work)
    {
        if (!work.IsQueued)
        {
            Post(work);
        }
    }
}

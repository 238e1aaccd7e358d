using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>What a descriptor can be ready for.</summary>
[Flags]
public enum DriverReadiness
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A read would not wait: bytes, the end, or a failure.</summary>
    Read = 1,

    /// <summary>A write would not wait: room, or a failure.</summary>
    Write = 2,
}

/// <summary>
/// The level-triggered readiness of a foreign descriptor: while it is ready and of interest, each
/// poll posts its work once. A base class for drivers.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// Posted work may run after the interest has ended. A failure or hang-up counts as both kinds of
/// readiness, as in asyncio. The watch holds the handle open, so its number is not reused.
/// </para>
/// </remarks>
public abstract class DriverWatch
{
    private readonly SafeHandle _handle;
    private readonly LoopWork _onReadable;
    private readonly LoopWork _onWritable;
    private bool _isClosed;

    /// <summary>Adds a reference to the handle.</summary>
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

    /// <summary>The readiness to wait for; none at first.</summary>
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

    /// <summary>Ends the watch and releases the handle. Idempotent.</summary>
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

    /// <summary>Posts the work of what is ready and of interest. Inside the poll.</summary>
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

    /// <summary>Posts work to the loop.</summary>
    protected abstract void Post(LoopWork work);

    /// <summary>Tells the kernel the new <see cref="Interest"/>.</summary>
    protected abstract void OnInterestChanged();

    /// <summary>Removes the descriptor; its handle is still open.</summary>
    protected abstract void OnClosed();

    // An exception may have left work of the last batch in the queue.
    private void PostOnce(LoopWork work)
    {
        if (!work.IsQueued)
        {
            Post(work);
        }
    }
}

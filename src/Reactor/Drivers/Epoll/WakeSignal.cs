using Microsoft.Win32.SafeHandles;

namespace Reactor.Drivers;

/// <summary>
/// Ends the loop's wait from other threads: an eventfd that epoll reports, and a word that tells
/// whether to write to it. Only the first wake-up of a sleeping loop costs a system call.
/// </summary>
/// <remarks>
/// <para>
/// No wake-up is lost. The compare-and-swap from Awake to Asleep fails after an earlier wake. A
/// waker sets Woken with an exchange and writes if it was Asleep. If not, the loop still sees the
/// mail: it is written before the wake and read after the reset, and both exchanges are full
/// fences. After a plain store the processor could read the mailbox first.
/// </para>
/// <para>
/// The eventfd is edge-triggered and never read. It is a safe handle, as a wake may come after the
/// close.
/// </para>
/// </remarks>
internal sealed class WakeSignal(SystemCalls calls) : IDisposable
{
    private const int Awake = 0;
    private const int Asleep = 1;
    private const int Woken = 2;

    private readonly SafeFileHandle _descriptor = EpollDriver.NewHandle(
        Libc.EventDescriptor(0, Libc.EventCloseOnExec | Libc.EventNonBlock), "eventfd");

    private int _state;

    public int Descriptor => (int)_descriptor.DangerousGetHandle();

    /// <summary>True while the loop sleeps, or is about to. Any thread.</summary>
    public bool IsAsleep => Volatile.Read(ref _state) == Asleep;

    /// <summary>Announces a wait; false after a wake-up. Loop thread only.</summary>
    public bool TrySleep() => Interlocked.CompareExchange(ref _state, Asleep, Awake) == Awake;

    /// <summary>
    /// Ends the wait: mail from before any wake is visible now. Loop thread only.
    /// </summary>
    public void EndSleep() => Interlocked.Exchange(ref _state, Awake);

    /// <summary>Consumes a wake-up in a poll without a wait. Loop thread only.</summary>
    public void Take()
    {
        if (Volatile.Read(ref _state) == Woken)
        {
            EndSleep();
        }
    }

    /// <summary>Ends the current or the next wait. Any thread, also after the close.</summary>
    public void Wake()
    {
        if (Interlocked.Exchange(ref _state, Woken) != Asleep)
        {
            return;
        }

        try
        {
            calls.Signal(_descriptor);
        }
        catch (ObjectDisposedException)
        {
            // The loop is closed.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();
}

using Microsoft.Win32.SafeHandles;

namespace Reactor.Drivers;

/// <summary>
/// How other threads end the loop's wait: an event descriptor, which epoll reports, and one word
/// that says whether a write to it is needed at all. While the loop is awake a wake-up costs no
/// system call, and any number of them while it sleeps cost one.
/// </summary>
/// <remarks>
/// <para>
/// Why no wake-up is lost. The loop goes from Awake to Asleep with a compare-and-swap, so a wake
/// that came before is seen and the wait is left out. Who wakes puts Woken there with an exchange;
/// whoever finds Asleep writes, and the event ends the wait, or the next one if this one is over.
/// Whoever finds Woken or Awake does not write, and then the loop must still see what was left for
/// it: it does, because after the wait it takes the word back with an exchange too. Interlocked
/// operations on one word have an order, each is a full fence, and the mail is left before the wake
/// and looked for after the exchange. A plain store there would not do: the processor may read the
/// mailbox before it, and a wake in between would find Woken and be forgotten.
/// </para>
/// <para>
/// The descriptor is registered edge-triggered and never read: each write is an edge, and its
/// counter has room for more writes than anybody can make. It is a safe handle, because a wake may
/// come at any time: after the close its number may be that of somebody else's file.
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

    /// <summary>The number to register. Loop thread only.</summary>
    public int Descriptor => (int)_descriptor.DangerousGetHandle();

    /// <summary>True while the loop sleeps, or is about to. Any thread.</summary>
    public bool IsAsleep => Volatile.Read(ref _state) == Asleep;

    /// <summary>
    /// Says that the loop is going to wait; false if somebody has woken it already. Loop thread
    /// only.
    /// </summary>
    public bool TrySleep() =>
        Interlocked.CompareExchange(ref _state, Asleep, Awake) == Awake;

    /// <summary>
    /// The wait is over: what was left for the loop before any wake up to now is seen from here on.
    /// Loop thread only.
    /// </summary>
    public void EndSleep() => Interlocked.Exchange(ref _state, Awake);

    /// <summary>
    /// The same for a poll that did not wait: a wake-up is used up by it. Loop thread only.
    /// </summary>
    public void Take()
    {
        if (Volatile.Read(ref _state) == Woken)
        {
            EndSleep();
        }
    }

    /// <summary>Ends the wait, or the next one. Any thread, and at any time.</summary>
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
            // The loop has closed since: nobody waits.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _descriptor.Dispose();
}

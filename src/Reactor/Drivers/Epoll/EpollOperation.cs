namespace Reactor.Drivers;

/// <summary>
/// A wait for readability, or for a connection to accept: it carries nothing of its own, so one
/// small object stands behind each socket for as long as it lives.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class EpollOperation(EpollDriver driver) : DriverOperation
{
    /// <summary>Whose operation it is; the socket has its driver from here.</summary>
    public EpollDriver Driver => driver;

    protected override void Post(LoopWork waiter) => driver.PostCompleted(waiter);
}

/// <summary>
/// A send of everything, with what the kernel has not taken yet. Made when a socket needs the first
/// one: what is small goes out at once and never comes here.
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class EpollSend(EpollDriver driver) : DriverOperation
{
    /// <summary>What is left to send.</summary>
    public ReadOnlyMemory<byte> Rest { get; set; }

    protected override void Post(LoopWork waiter) => driver.PostCompleted(waiter);
}

namespace Reactor.Drivers;

/// <summary>A wait for readability, or for a connection to accept. Loop thread only.</summary>
internal class EpollOperation(EpollDriver driver) : DriverOperation
{
    public EpollDriver Driver => driver;

    protected override void Post(LoopWork waiter) => driver.PostCompleted(waiter);
}

/// <summary>A send of everything, made when a socket first needs one. Loop thread only.</summary>
internal sealed class EpollSend(EpollDriver driver) : EpollOperation(driver)
{
    public ReadOnlyMemory<byte> Rest { get; set; }
}

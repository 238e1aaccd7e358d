// 19.2 After NoDescriptor the next attempt may succeed: try again at once.
// zh-CN: NoDescriptor 之后下一次可能成功：马上重试。
// A descriptor is freed when a connection ends, and connections end on this loop: it is in the way
// of what it waits for. The server stands still.

public enum Outcome
{
    Accepted,       // a client was accepted; more may wait
    WouldBlock,     // no client waits
    Gone,           // the first client has gone, and no longer waits; more may wait
    NoDescriptor,   // the process has no descriptor left; the client still waits
}

public interface ILoop
{
    Outcome Accept();
    void Watch(bool isWatched);     // whether the poll reports the listener; at first it does
    void CallLater(int milliseconds, Action callback);
}

public sealed class Acceptor(ILoop loop)
{
    public void OnAcceptable()
    {
        while (loop.Accept() != Outcome.WouldBlock)
        {
        }
    }
}

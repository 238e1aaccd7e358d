// 19.1 After NoDescriptor it is enough to return: the loop will call again.
// zh-CN: NoDescriptor 之后直接返回就够了：循环会再次调用。
// It calls again in the next turn, at once, because the client still waits. The server that is
// short of descriptors now also uses a whole processor, and fills its log.

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
        while (loop.Accept() is Outcome.Accepted or Outcome.Gone)
        {
        }
    }
}

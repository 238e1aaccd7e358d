// 19.3 A listener whose accept fails is broken: it is watched no longer.
// zh-CN: 接受连接失败的监听套接字已经坏了：不再关注它。
// The listener is intact; the process was short of descriptors for a moment. Clients still connect,
// because the kernel completes the handshake, and wait for ever.

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
        while (true)
        {
            switch (loop.Accept())
            {
                case Outcome.WouldBlock:
                    return;
                case Outcome.NoDescriptor:
                    loop.Watch(false);
                    return;
            }
        }
    }
}

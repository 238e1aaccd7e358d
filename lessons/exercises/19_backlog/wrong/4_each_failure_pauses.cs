// 19.4 Each accept that brings no client is a failure, and each failure pauses.
// zh-CN: 每次没有得到客户端的接受都是失败，每次失败都暂停。
// A client that goes before it is accepted is its own affair. A port scan makes a thousand of them,
// and each costs all other clients 100 ms.

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
                case Outcome.NoDescriptor or Outcome.Gone:
                    loop.Watch(false);
                    loop.CallLater(100, () => loop.Watch(true));
                    return;
            }
        }
    }
}

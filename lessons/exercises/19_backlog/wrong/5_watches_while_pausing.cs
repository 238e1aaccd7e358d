// 19.5 A timer is a pause: nothing happens until it fires.
// zh-CN: 设了定时器就是暂停：到期之前什么也不会发生。
// The poll still reports the listener in each turn. The loop spins as without a pause, and each
// turn adds a timer.

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
                    loop.CallLater(100, OnAcceptable);
                    return;
            }
        }
    }
}

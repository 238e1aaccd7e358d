// 19.6 After the pause one attempt to accept ends it.
// zh-CN: 暂停之后尝试接受一次，暂停就结束了。
// The attempt takes those that wait, but the listener is not watched again: later clients are never
// accepted. The server looks healthy until the last of its clients has gone.

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
                    loop.CallLater(100, OnAcceptable);
                    return;
            }
        }
    }
}

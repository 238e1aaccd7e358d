// The pause is a timer, not a sleep. The listener is not watched meanwhile: it would be reported in
// each turn, because the client still waits.

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
                    loop.CallLater(100, () => loop.Watch(true));
                    return;
            }
        }
    }
}

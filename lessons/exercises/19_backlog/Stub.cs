// Accept clients, also when the process has no descriptor left (EMFILE).
//
// The loop calls `OnAcceptable` in each turn while it watches the listener and a client waits: the
// readiness of a listener is level-triggered. `OnAcceptable` accepts all clients that wait. After
// NoDescriptor accepting pauses for 100 ms; meanwhile the loop neither spins nor blocks. After the
// pause clients are accepted as before. A client that has gone delays no other.

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
    }
}

// Serve each client on a thread of its own, but at most `Slots` clients at a time.
//
// While all slots are taken, `Accept` is not called: further clients wait in the kernel's backlog.
// An exception of `Serve` ends the service of this client only. As in each .NET program, an
// exception that leaves the body of a thread ends the process.
// `Run` returns when `Accept` has returned null and every client is served. `IHost` stays as it is.
// The host simulates threads and clients on one thread, and switches only in `TakeSlot`. Wait only
// by calls of the host: a lock or an event of your own waits for ever.

public interface IHost
{
    int Slots { get; }                // at most so many clients are served at a time
    void TakeSlot();                  // blocks until a slot is free
    void ReturnSlot();
    string? Accept();                 // blocks until a client connects; null: no more clients come
    void StartThread(Action body);
    void Serve(string client);        // blocks until the client is served; may throw
}

public static class BoundedServer
{
    public static void Run(IHost host)
    {
    }
}

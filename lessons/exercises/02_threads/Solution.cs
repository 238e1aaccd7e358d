// The slot is taken before Accept and returned in a finally. At the end the server takes all slots:
// then no thread has one any more.

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
        host.TakeSlot();
        while (host.Accept() is { } client)
        {
            host.StartThread(() => ServeOne(host, client));
            host.TakeSlot();
        }

        // The slot for the client that did not come is taken already.
        for (int i = 1; i < host.Slots; i++)
        {
            host.TakeSlot();
        }
    }

    private static void ServeOne(IHost host, string client)
    {
        try
        {
            host.Serve(client);
        }
        catch (Exception)
        {
            // A server logs it here; the other clients do not notice.
        }
        finally
        {
            host.ReturnSlot();
        }
    }
}

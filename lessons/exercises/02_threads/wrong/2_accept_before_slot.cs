// 02.2 A client is accepted before a slot is taken for it.
// zh-CN: 先接受客户端，再为它占用名额。
// The client is connected and gets no service, while the load balancer counts it as served here.
// In the backlog the kernel would hold it, or refuse it, and the client could go elsewhere.

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
        while (host.Accept() is { } client)
        {
            host.TakeSlot();
            host.StartThread(() => ServeOne(host, client));
        }

        for (int i = 0; i < host.Slots; i++)
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
        }
        finally
        {
            host.ReturnSlot();
        }
    }
}

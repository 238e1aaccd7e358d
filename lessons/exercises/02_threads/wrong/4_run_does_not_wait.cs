// 02.4 When no more clients come, the server has ended.
// zh-CN: 不再有客户端到来时，服务器就已经结束了。
// Clients that are still being served lose their answers when the process exits after Run. This is
// the usual reason for failed requests at each deployment.

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

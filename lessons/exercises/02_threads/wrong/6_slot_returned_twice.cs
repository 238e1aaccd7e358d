// 02.6 A failed client returns its slot in the catch and again in the finally.
// zh-CN: 失败的客户端在 catch 中归还一次名额，在 finally 中又归还一次。
// Each failure adds a slot. After some hours of failures the limit is far above its setting, and
// the server runs out of what the limit was to protect.

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
            host.ReturnSlot();
        }
        finally
        {
            host.ReturnSlot();
        }
    }
}

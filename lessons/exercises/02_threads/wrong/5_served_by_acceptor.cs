// 02.5 A slot is enough: the accepting thread serves the client itself.
// zh-CN: 有名额就够了：由接受连接的线程亲自服务客户端。
// This is lesson 01 with a counter: while a client is served, no other is accepted, and all slots
// but one stay free.

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
            ServeOne(host, client);
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
        }
        finally
        {
            host.ReturnSlot();
        }
    }
}

// 02.3 An exception on the thread of a client ends that thread only.
// zh-CN: 客户端线程上的异常只会结束该线程。
// In .NET an exception that leaves a thread ends the process, and with it all other clients. The
// finally returned the slot, but there is no server left to use it.

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
        finally
        {
            host.ReturnSlot();
        }
    }
}

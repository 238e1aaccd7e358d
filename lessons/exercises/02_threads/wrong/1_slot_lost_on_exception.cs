// 02.1 A slot is returned behind the call: an exception does not return it.
// zh-CN: 在调用之后归还名额：发生异常时名额不会归还。
// Each failed client takes a slot for ever. A server with 100 slots stands still after 100
// failures, days later, and its log shows only the failures.

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
            host.ReturnSlot();
        }
        catch (Exception)
        {
        }
    }
}

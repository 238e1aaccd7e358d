// 12.1 A client that always has data is served without a pause: the others starve.
// zh-CN: 总有数据的客户端一直被服务，没有停顿：其他客户端饥饿。
// An await that is done does not suspend. As long as one client's data is there already, its loop
// keeps the thread: one upload at full speed holds up every other client.
public abstract class Client
{
    public abstract Task<bool> ReadVote();
    public abstract Task Answer(int number);
}

public sealed class VoteServer(Func<Task> _)
{
    public int Total { get; private set; }

    public async Task ServeAll(IEnumerable<Client> clients)
    {
        // ToList starts all of them before the first is awaited.
        List<Task> served = clients.Select(Serve).ToList();
        foreach (Task one in served)
        {
            await one;
        }
    }

    private async Task Serve(Client client)
    {
        try
        {
            while (await client.ReadVote())
            {
                int number = ++Total; // no await between reading and writing the total
                await client.Answer(number);
            }
        }
        catch (IOException)
        {
            // This client is gone; the others are served by coroutines of their own.
        }
    }
}

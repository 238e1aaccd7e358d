// 12.4 A connection that breaks ends the server.
// zh-CN: 一个断开的连接使服务器结束。
// The exception reaches the await of ServeAll, which returns while others are still served, or no
// longer. Broken connections are part of each day; they belong to one client.
public abstract class Client
{
    public abstract Task<bool> ReadVote();
    public abstract Task Answer(int number);
}

public sealed class VoteServer(Func<Task> nextTurn)
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
        while (await client.ReadVote())
        {
            int number = ++Total;
            await client.Answer(number);
            await nextTurn();
        }
    }
}

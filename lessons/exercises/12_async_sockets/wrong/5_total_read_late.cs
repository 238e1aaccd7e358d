// 12.5 The number of a vote is read from the total after an await, when it has changed.
// zh-CN: 等待（await）之后才从总数读取这一票的号码，而总数已经改变。
// What is shared may be another value behind each await. The vote was counted once, but two clients
// get the same number; keep what belongs to one client in a local.
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
        try
        {
            while (await client.ReadVote())
            {
                Total++;
                await nextTurn();
                await client.Answer(Total);
            }
        }
        catch (IOException)
        {
            // This client is gone; the others are served by coroutines of their own.
        }
    }
}

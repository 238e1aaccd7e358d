// 12.2 The total is read before an await and written behind it: an update is lost.
// zh-CN: 在等待（await）之前读取总数，之后才写入：丢失更新。
// One thread does not protect from this: at the await another coroutine runs, reads the same total,
// and later both write the same number. Two orders have one number, two seats one passenger.
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
                int number = Total + 1;
                await client.Answer(number);
                Total = number;
                await nextTurn();
            }
        }
        catch (IOException)
        {
            // This client is gone; the others are served by coroutines of their own.
        }
    }
}

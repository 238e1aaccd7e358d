// 12.7 A vote is counted behind the await of its answer: two votes get the same number.
// zh-CN: 等待（await）回答之后才计票：两票得到相同的号码。
// The count is right in the end, and so the mistake hides. But while one answer is under way the
// next vote reads the old total, and two clients hold the same ticket.
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
                await client.Answer(Total + 1);
                Total++;
                await nextTurn();
            }
        }
        catch (IOException)
        {
            // This client is gone; the others are served by coroutines of their own.
        }
    }
}

// Between two awaits a coroutine is alone: what it reads and writes there needs no lock.
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
                int number = ++Total; // no await between reading and writing the total
                await client.Answer(number);
                await nextTurn();
            }
        }
        catch (IOException)
        {
            // This client is gone; the others are served by coroutines of their own.
        }
    }
}

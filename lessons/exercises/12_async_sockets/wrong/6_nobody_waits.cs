// 12.6 ServeAll ends at once: nothing awaits the clients.
// zh-CN: ServeAll 马上结束：没有等待各个客户端。
// The coroutines run on, but their caller goes on as if they had ended: it closes the listener,
// prints the result, ends the process. Their failures reach no handler.
public abstract class Client
{
    public abstract Task<bool> ReadVote();
    public abstract Task Answer(int number);
}

public sealed class VoteServer(Func<Task> nextTurn)
{
    public int Total { get; private set; }

    public Task ServeAll(IEnumerable<Client> clients)
    {
        foreach (Client client in clients)
        {
            _ = Serve(client);
        }

        return Task.CompletedTask;
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

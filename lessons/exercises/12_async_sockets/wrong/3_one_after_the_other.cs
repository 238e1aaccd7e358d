// 12.3 A client is served when the one before it has ended.
// zh-CN: 前一个客户端结束之后，才服务下一个客户端。
// `await` in the loop over the clients waits for each of them in turn. That is the server of lesson
// 01 again: one silent client, and all others wait.
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
        foreach (Client client in clients)
        {
            await Serve(client);
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

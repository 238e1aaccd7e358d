// 12.8 Task.WhenAll keeps the failure of one client from the others, so it needs no catch.
// zh-CN: Task.WhenAll 使一个客户端的失败不影响其他客户端，所以不需要 catch。
// WhenAll waits for all and then throws: the server fails when its last client has gone, for the
// broken connection of one of them, perhaps hours later.
public abstract class Client
{
    public abstract Task<bool> ReadVote();
    public abstract Task Answer(int number);
}

public sealed class VoteServer(Func<Task> nextTurn)
{
    public int Total { get; private set; }

    public Task ServeAll(IEnumerable<Client> clients) => Task.WhenAll(clients.Select(Serve));

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

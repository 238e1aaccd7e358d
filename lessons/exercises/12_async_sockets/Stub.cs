// Write a server that counts votes. Each client is served by a coroutine, all on one thread.
//   ServeAll  serves all clients at the same time; it ends when the last of them is served.
//   A client  ReadVote is true for a vote, false at the end, and throws IOException if the
//             connection breaks: that client is given up, and the others go on. A vote is answered
//             with its number: the first vote of all clients is 1, the next 2, and so on.
// ReadVote and Answer may be done at once, or in a later turn. After each vote await `nextTurn()`,
// so that a client with many votes does not keep the others from theirs.
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
        await nextTurn();
        Total = -1;
    }
}

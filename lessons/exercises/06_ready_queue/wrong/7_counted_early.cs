// 06.7 The batch is counted before the poll.
// zh-CN: 批次在轮询（poll）之前就已计数。
// What the poll reports waits for the next turn: a whole batch and another poll come first. In a
// busy server each client is answered a turn late.
public sealed class Loop(Func<Action[]> poll)
{
    private readonly Queue<Action> _ready = new();

    public void CallSoon(Action callback) => _ready.Enqueue(callback);

    public void RunTurn()
    {
        int batch = _ready.Count;
        foreach (Action arrived in poll())
        {
            _ready.Enqueue(arrived);
        }

        for (; batch > 0; batch--)
        {
            _ready.Dequeue()();
        }
    }
}

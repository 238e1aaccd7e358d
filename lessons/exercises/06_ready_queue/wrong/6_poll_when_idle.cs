// 06.6 The loop polls only when nothing is ready.
// zh-CN: 只有没有就绪的回调时，循环才轮询（poll）。
// Ready callbacks change how long a poll may wait, to zero, and not whether it happens. Without the
// poll a program that always has something ready never reads a socket.
public sealed class Loop(Func<Action[]> poll)
{
    private readonly Queue<Action> _ready = new();

    public void CallSoon(Action callback) => _ready.Enqueue(callback);

    public void RunTurn()
    {
        if (_ready.Count == 0)
        {
            foreach (Action arrived in poll())
            {
                CallSoon(arrived);
            }
        }

        for (int batch = _ready.Count; batch > 0; batch--)
        {
            _ready.Dequeue()();
        }
    }
}

// 06.4 What the poll reports runs before what was ready already.
// zh-CN: 轮询（poll）报告的回调先于早已就绪的回调执行。
// With busy sockets the callbacks of the program come last in every turn, and a callback that was
// queued before an event can no longer count on running before it.
public sealed class Loop(Func<Action[]> poll)
{
    private readonly Queue<Action> _ready = new();

    public void CallSoon(Action callback) => _ready.Enqueue(callback);

    public void RunTurn()
    {
        foreach (Action arrived in poll())
        {
            arrived();
        }

        for (int batch = _ready.Count; batch > 0; batch--)
        {
            _ready.Dequeue()();
        }
    }
}

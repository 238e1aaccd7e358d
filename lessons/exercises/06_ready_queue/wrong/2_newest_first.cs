// 06.2 The newest callback runs first: the ready queue is a stack.
// zh-CN: 最新的回调最先执行：就绪队列变成了栈。
// Under load new work arrives all the time, so the oldest request waits longest, or for ever; two
// writes to the same connection change places.
public sealed class Loop(Func<Action[]> poll)
{
    private readonly Stack<Action> _ready = new();

    public void CallSoon(Action callback) => _ready.Push(callback);

    public void RunTurn()
    {
        foreach (Action arrived in poll())
        {
            CallSoon(arrived);
        }

        for (int batch = _ready.Count; batch > 0; batch--)
        {
            _ready.Pop()();
        }
    }
}

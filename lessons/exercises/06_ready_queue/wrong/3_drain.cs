// 06.3 A turn runs until the queue is empty, also what its callbacks queue.
// zh-CN: 一轮一直执行到队列为空，连本轮回调新加入的也执行。
// A callback that queues itself, such as a retry, keeps the loop from its poll: no client is read
// and no timer fires, at 100 % of a processor.
public sealed class Loop(Func<Action[]> poll)
{
    private readonly Queue<Action> _ready = new();

    public void CallSoon(Action callback) => _ready.Enqueue(callback);

    public void RunTurn()
    {
        foreach (Action arrived in poll())
        {
            CallSoon(arrived);
        }

        while (_ready.TryDequeue(out Action? callback))
        {
            callback();
        }
    }
}

// 06.5 An exception of one callback loses the rest of the batch.
// zh-CN: 一个回调的异常使这一批次剩下的回调丢失。
// The batch was moved out of the queue as a whole. One request that fails makes the requests of
// other clients hang: their callbacks never run, and nothing reports it.
public sealed class Loop(Func<Action[]> poll)
{
    private List<Action> _ready = [];

    public void CallSoon(Action callback) => _ready.Add(callback);

    public void RunTurn()
    {
        _ready.AddRange(poll());
        List<Action> batch = _ready;
        _ready = [];
        foreach (Action callback in batch)
        {
            callback();
        }
    }
}

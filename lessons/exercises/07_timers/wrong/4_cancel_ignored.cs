// 07.4 Cancel has no effect: the callback runs all the same.
// zh-CN: 取消没有效果：回调照样执行。
// The timeout of a request that was answered in time closes the connection all the same, perhaps in
// the middle of the next response.
public sealed class LoopTimer(int due, int period, Action callback)
{
    public int Due { get; set; } = due;
    public int Period => period;
    public Action Callback => callback;
    public bool IsCancelled { get; set; }
}

public sealed class TimerHeap
{
    private readonly PriorityQueue<LoopTimer, (int Due, int Order)> _heap = new();
    private int _order;

    public int Count => _heap.Count;

    public int? NextDue => _heap.TryPeek(out _, out var first) ? first.Due : null;

    public LoopTimer Add(int due, Action callback, int period = 0)
    {
        var timer = new LoopTimer(due, period, callback);
        Push(timer);
        return timer;
    }

    public void Cancel(LoopTimer timer)
    {
    }

    public void RunDue(int now)
    {
        var batch = new List<LoopTimer>();
        while (NextDue <= now)
        {
            batch.Add(_heap.Dequeue());
        }

        foreach (LoopTimer timer in batch)
        {
            if (timer.IsCancelled)
            {
                continue; // by a callback of the same batch
            }

            if (timer.Period > 0)
            {
                timer.Due += timer.Period;
                Push(timer);
            }

            timer.Callback();
        }
    }

    private void Push(LoopTimer timer) => _heap.Enqueue(timer, (timer.Due, _order++));
}

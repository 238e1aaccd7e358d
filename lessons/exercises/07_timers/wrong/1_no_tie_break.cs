// 07.1 Timers with the same due time fire in any order: the heap has no tie-break.
// zh-CN: 到期时间相同的定时器没有固定的触发顺序：堆中没有决胜键。
// A heap keeps only its smallest entry first. Two delays of 100 ms in the same turn then end in any
// order, so "write the head, then the body" becomes a coin toss that tests do not see.
public sealed class LoopTimer(int due, int period, Action callback)
{
    public int Due { get; set; } = due;
    public int Period => period;
    public Action Callback => callback;
    public bool IsCancelled { get; set; }
}

public sealed class TimerHeap
{
    private readonly PriorityQueue<LoopTimer, int> _heap = new();

    public int Count => _heap.Count;

    public int? NextDue => _heap.TryPeek(out _, out int first) ? first : null;

    public LoopTimer Add(int due, Action callback, int period = 0)
    {
        var timer = new LoopTimer(due, period, callback);
        Push(timer);
        return timer;
    }

    public void Cancel(LoopTimer timer)
    {
        timer.IsCancelled = true;
        _heap.Remove(timer, out _, out _);
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

    private void Push(LoopTimer timer) => _heap.Enqueue(timer, timer.Due);
}

// 07.6 A timer that a callback adds fires in the same run if it is due.
// zh-CN: 回调新添加的定时器如果已经到期，就在同一次执行中触发。
// A callback that starts itself again with a delay of 0 never ends the run: no poll, no reads, and
// the other clients wait for ever.
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
        timer.IsCancelled = true;
        _heap.Remove(timer, out _, out _);
    }

    public void RunDue(int now)
    {
        while (NextDue <= now)
        {
            LoopTimer timer = _heap.Dequeue();
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

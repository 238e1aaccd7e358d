// A heap with the key (due time, order of Add); the batch leaves it before the first callback runs.
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

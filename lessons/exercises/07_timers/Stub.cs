// Write the timers of an event loop. All times are in ms.
//   Add      makes a timer. With a period it is due again after each run: at 100, 200, 300 …
//   Cancel   a cancelled timer never fires, and leaves nothing behind. Idempotent.
//   NextDue  the earliest due time, until which the poll may wait; null: no timer.
//   RunDue   calls back all timers that are due at `now` or before: the earliest first, those with
//            the same due time in the order of Add. What a callback adds fires in a later RunDue.
public sealed class LoopTimer(int due, int period, Action callback)
{
    public int Due { get; set; } = due;
    public int Period => period;
    public Action Callback => callback;
    public bool IsCancelled { get; set; }
}

public sealed class TimerHeap
{
    public int Count => 0;

    public int? NextDue => null;

    public LoopTimer Add(int due, Action callback, int period = 0) => new(due, period, callback);

    public void Cancel(LoopTimer timer)
    {
    }

    public void RunDue(int now)
    {
    }
}

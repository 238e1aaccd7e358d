// A queue and a count: the batch is as long as the queue was when it began.
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

        // A callback leaves the queue before it runs, so that an exception loses no other one.
        for (int batch = _ready.Count; batch > 0; batch--)
        {
            _ready.Dequeue()();
        }
    }
}

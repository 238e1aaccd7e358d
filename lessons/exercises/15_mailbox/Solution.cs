// One lock, one list, one wake for all posts of a batch.
public sealed class Mailbox(Action wake)
{
    private readonly Lock _gate = new();
    private List<Action> _posted = [];

    public void Post(Action callback)
    {
        bool wasEmpty;
        lock (_gate)
        {
            wasEmpty = _posted.Count == 0;
            _posted.Add(callback);
        }
        // Behind the lock and behind the queueing: the loop finds the callback when it is awake.
        if (wasEmpty)
        {
            wake();
        }
    }

    public void RunBatch()
    {
        List<Action> batch;
        lock (_gate)
        {
            batch = _posted;
            _posted = [];
        }
        // No lock is held while callbacks run: they may post.
        foreach (Action callback in batch)
        {
            callback();
        }
    }

    public Task<string> AskAsync(Func<string> question)
    {
        var answer = new TaskCompletionSource<string>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() =>
        {
            try
            {
                answer.SetResult(question());
            }
            catch (Exception e)
            {
                answer.SetException(e);
            }
        });
        return answer.Task;
    }
}

// 15.5 The loop is woken before the callback is in the queue.
// zh-CN: 回调还没有放入队列，就先唤醒了循环。
// The loop may wake, find nothing and sleep again between the two steps. The callback then waits
// for the next event: a hang that no test on a fast machine shows.
public sealed class Mailbox(Action wake)
{
    private readonly Lock _gate = new();
    private List<Action> _posted = [];

    public void Post(Action callback)
    {
        bool isEmpty;
        lock (_gate)
        {
            isEmpty = _posted.Count == 0;
        }
        if (isEmpty)
        {
            wake();
        }
        lock (_gate)
        {
            _posted.Add(callback);
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

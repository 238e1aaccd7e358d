// 15.1 A post only queues: the loop is not woken.
// zh-CN: 只放入队列，没有唤醒循环。
// The loop sleeps in its poll until a client sends something or a timer is due. With an idle
// server the callback of the other thread runs minutes later.
public sealed class Mailbox(Action wake)
{
    private readonly Lock _gate = new();
    private List<Action> _posted = [];

    public void Post(Action callback)
    {
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

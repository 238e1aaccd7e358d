// 15.2 Every post wakes the loop, although one wake serves all that is queued.
// zh-CN: 每次放入都唤醒循环，其实一次唤醒就够处理队列中的全部回调。
// A wake is a syscall. A thread pool that finishes 100,000 jobs a second then makes 100,000 writes
// to the loop's descriptor, most of them while the loop is awake.
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
        wake();
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

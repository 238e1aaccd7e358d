// 15.8 A batch runs until the mailbox is empty, with what its own callbacks post.
// zh-CN: 批次一直运行到邮箱为空，包括批次中的回调自己放入的回调。
// A callback that posts its continuation then keeps the loop in one batch: no poll, no timer, no
// client, while the thread is busy.
public sealed class Mailbox(Action wake)
{
    private readonly Lock _gate = new();
    private readonly List<Action> _posted = [];

    public void Post(Action callback)
    {
        bool wasEmpty;
        lock (_gate)
        {
            wasEmpty = _posted.Count == 0;
            _posted.Add(callback);
        }
        if (wasEmpty)
        {
            wake();
        }
    }

    public void RunBatch()
    {
        while (true)
        {
            Action callback;
            lock (_gate)
            {
                if (_posted.Count == 0)
                {
                    return;
                }
                callback = _posted[0];
                _posted.RemoveAt(0);
            }
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

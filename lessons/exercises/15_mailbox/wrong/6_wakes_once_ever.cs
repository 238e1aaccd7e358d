// 15.6 Only the first post of all wakes; the flag that says "already woken" is never cleared.
// zh-CN: 只有最初的一次放入会唤醒：“已经唤醒”的标志从未清除。
// The mailbox works in a test with one post, and hangs in the second request of a real server.
public sealed class Mailbox(Action wake)
{
    private readonly Lock _gate = new();
    private List<Action> _posted = [];
    private bool _isWoken;

    public void Post(Action callback)
    {
        bool isFirst;
        lock (_gate)
        {
            isFirst = !_isWoken;
            _isWoken = true;
            _posted.Add(callback);
        }
        if (isFirst)
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

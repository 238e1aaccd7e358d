// 15.7 "Already woken" is cleared after the callbacks: a post during the batch does not wake.
// zh-CN: 运行完回调才清除“已经唤醒”的标志：批次运行期间的放入没有唤醒循环。
// The flag must be cleared in the step that takes the queue. A callback posted between that step
// and the late clearing lies in the mailbox of a loop that sleeps.
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
        lock (_gate)
        {
            _isWoken = false;
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

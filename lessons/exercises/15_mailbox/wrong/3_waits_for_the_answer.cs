// 15.3 A question waits for its answer with Wait: on the loop's thread it waits for itself.
// zh-CN: 提问时用 Wait 等待回答：在循环的线程上，就是在等待自己。
// The batch that would run the question is behind the frame that waits. The server answers no
// client any more, at 0 % CPU.
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
        answer.Task.Wait();
        return answer.Task;
    }
}

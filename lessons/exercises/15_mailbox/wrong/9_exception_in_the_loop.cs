// 15.9 The exception of a question leaves RunBatch, and the asker waits for ever.
// zh-CN: 问题抛出的异常从 RunBatch 中逸出，提问者永远等不到回答。
// A failure belongs to the caller that asked. In the loop it ends the batch, with all callbacks
// behind it, or the whole server.
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
        Post(() => answer.SetResult(question()));
        return answer.Task;
    }
}

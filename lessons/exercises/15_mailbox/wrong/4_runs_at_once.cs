// 15.4 A posted callback runs at once, on the thread that posts.
// zh-CN: 放入的回调马上就在放入它的线程上运行。
// The loop's objects have no locks, because one thread uses them. A second thread in them loses
// updates, and breaks a dictionary about once a week.
public sealed class Mailbox(Action wake)
{
    public void Post(Action callback)
    {
        callback();
    }

    public void RunBatch()
    {
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

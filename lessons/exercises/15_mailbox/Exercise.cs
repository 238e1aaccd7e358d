// Write the mailbox of a loop: any thread leaves a callback, the loop's thread runs it.
//
//   Post      any thread: queues the callback and never waits. If the mailbox was empty: calls
//             `wake`, which ends the loop's poll. The loop may run the batch before `wake` returns.
//   RunBatch  the loop's thread: runs, in order, what was posted before the batch began. What the
//             callbacks post belongs to the next batch.
//   AskAsync  any thread, the loop's too: has `question` run by a batch; the task has its answer
//             or its exception. It never waits.
public sealed class Mailbox(Action wake)
{
    public void Post(Action callback)
    {
    }

    public void RunBatch()
    {
    }

    public Task<string> AskAsync(Func<string> question)
    {
        return Task.FromResult("");
    }
}

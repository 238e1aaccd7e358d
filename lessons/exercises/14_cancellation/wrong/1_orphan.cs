// 14.1 The caller gets its timeout, and the work runs on: nothing has cancelled it.
// zh-CN: 调用者得到了超时，工作却继续运行：没有人取消它。
// WhenAny only picks the first to end. The orphan keeps its connection, and may still write to the
// response of a request that was answered with an error long ago.
public static class Cancellation
{
    public static async Task<string> WithTimeoutAsync(
        Func<CancellationToken, Task<string>> work,
        TimeSpan limit,
        TimeProvider clock,
        CancellationToken token)
    {
        Task<string> running = work(token);
        Task timer = Task.Delay(limit, clock, CancellationToken.None);
        if (await Task.WhenAny(running, timer) == running)
        {
            return await running;
        }
        throw new TimeoutException();
    }

    public static async Task GroupAsync(
        CancellationToken token, params Func<CancellationToken, Task>[] works)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(token);
        Exception? first = null;
        await Task.WhenAll(works.Select(RunAsync));
        if (first is not null)
        {
            throw first;
        }
        token.ThrowIfCancellationRequested();

        async Task RunAsync(Func<CancellationToken, Task> work)
        {
            try
            {
                await work(cancel.Token);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
            }
            catch (Exception e)
            {
                first ??= e;
                cancel.Cancel();
            }
        }
    }
}

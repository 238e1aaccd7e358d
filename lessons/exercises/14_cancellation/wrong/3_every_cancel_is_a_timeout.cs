// 14.3 Every cancellation of the work is reported as a timeout, the caller's own, too.
// zh-CN: 工作的每次取消都报告为超时，包括调用者自己发出的取消。
// A shutdown that cancels a thousand requests then looks like a thousand timeouts, and code that
// retries after a timeout retries while the server stops.
public static class Cancellation
{
    public static async Task<string> WithTimeoutAsync(
        Func<CancellationToken, Task<string>> work,
        TimeSpan limit,
        TimeProvider clock,
        CancellationToken token)
    {
        using var timer = new CancellationTokenSource(limit, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(token, timer.Token);
        try
        {
            return await work(both.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException();
        }
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

// 14.5 The group swallows the caller's cancellation and returns as if all works were done.
// zh-CN: 组吞掉了调用者的取消，像全部完成一样返回。
// The caller asked to stop and goes on with results that are not there. A cancellation that is
// caught must be thrown again, unless the code that catches it has also requested it.
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
            when (timer.IsCancellationRequested && !token.IsCancellationRequested)
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

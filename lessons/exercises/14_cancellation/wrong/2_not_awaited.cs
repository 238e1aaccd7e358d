// 14.2 The work is cancelled, but the caller goes on before the work has ended.
// zh-CN: 工作被取消了，但是没有等它真正结束，调用者就继续执行。
// Until its finally has run, the work still holds what the caller now disposes or takes again: a
// lock, a buffer, a slot of the connection limit.
public static class Cancellation
{
    public static async Task<string> WithTimeoutAsync(
        Func<CancellationToken, Task<string>> work,
        TimeSpan limit,
        TimeProvider clock,
        CancellationToken token)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(token);
        Task<string> running = work(cancel.Token);
        Task timer = Task.Delay(limit, clock, CancellationToken.None);
        if (await Task.WhenAny(running, timer) == running)
        {
            return await running;
        }
        cancel.Cancel();
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

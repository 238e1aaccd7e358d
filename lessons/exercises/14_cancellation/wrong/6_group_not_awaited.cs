// 14.6 The first failure leaves the group at once, while the siblings still end.
// zh-CN: 第一个失败立即离开整个组，其余工作这时还在结束之中。
// The caller closes what the siblings use. Their own failures reach no handler and appear as
// unobserved exceptions, minutes later.
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
        List<Task> running = works.Select(work => work(cancel.Token)).ToList();
        while (running.Count > 0)
        {
            Task ended = await Task.WhenAny(running);
            running.Remove(ended);
            if (ended.IsFaulted)
            {
                cancel.Cancel();
                await ended;
            }
        }
        token.ThrowIfCancellationRequested();
    }
}

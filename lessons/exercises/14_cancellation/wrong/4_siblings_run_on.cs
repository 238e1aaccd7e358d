// 14.4 A failure in a group does not cancel the others: the group waits for all of them.
// zh-CN: 组中一个失败时不取消其余工作：整个组等到所有工作都做完。
// That is Task.WhenAll. The failure is known after a millisecond and reported after the slowest
// sibling, perhaps never.
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
        await Task.WhenAll(works.Select(work => work(token)));
    }
}

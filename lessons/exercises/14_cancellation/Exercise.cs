// Write a timeout and a group that leave no work running behind them.
//
//   WithTimeoutAsync  runs `work`. After `limit` of `clock`: cancels it, waits until it has ended,
//                     then throws TimeoutException. Work that gives a value in spite of that:
//                     the value. If `token` is cancelled: cancels the work, waits, then throws
//                     OperationCanceledException, which is not a timeout.
//   GroupAsync        starts all works. The first failure cancels the others; when all have ended,
//                     that failure is thrown. If `token` is cancelled: cancels all, waits for
//                     all, then throws OperationCanceledException.
//
// CancellationTokenSource has a constructor that takes a limit and a clock.
public static class Cancellation
{
    public static Task<string> WithTimeoutAsync(
        Func<CancellationToken, Task<string>> work,
        TimeSpan limit,
        TimeProvider clock,
        CancellationToken token)
    {
        return work(token);
    }

    public static async Task GroupAsync(
        CancellationToken token, params Func<CancellationToken, Task>[] works)
    {
        foreach (Func<CancellationToken, Task> work in works)
        {
            await work(token);
        }
    }
}

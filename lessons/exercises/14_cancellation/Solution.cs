// Cancel, then wait for the end: after either method no work runs on.
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
        // The work has ended: a cancellation is a wish, and the work decides when it obeys.
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
        token.ThrowIfCancellationRequested();

        async Task RunAsync(Func<CancellationToken, Task> work)
        {
            try
            {
                await work(cancel.Token);
            }
            catch (OperationCanceledException) when (cancel.IsCancellationRequested)
            {
                // Cancelled by a sibling or by the caller: both are reported behind the wait.
            }
            catch (Exception e)
            {
                first ??= e;
                cancel.Cancel();
            }
        }
    }
}

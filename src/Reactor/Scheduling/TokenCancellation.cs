namespace Reactor;

/// <summary>
/// Cancels a token source as work of the loop: its callbacks are foreign code and must not run
/// inside the step that asks for it.
/// </summary>
internal static class TokenCancellation
{
    private static readonly Action<CancellationTokenSource> s_cancel = static source =>
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Its owner has disposed of it since.
        }
    };

    /// <summary>Cancels a source in the next turn. Loop thread only.</summary>
    public static LoopHandle Post(CoroutineScheduler scheduler, CancellationTokenSource source)
    {
        var handle = new StateHandle<CancellationTokenSource>(
            scheduler, s_cancel, source, null, null, 0);
        scheduler.Post(handle);
        return handle;
    }
}

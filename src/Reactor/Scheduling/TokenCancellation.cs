namespace Reactor;

/// <summary>
/// Cancels a source of tokens as a piece of the loop's work. Cancelling runs the callbacks of
/// foreign code, and continuations of plain async methods inside these; that must not happen in the
/// middle of the step which asks for it. It runs before whatever is posted after it.
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
            // Its owner was done with it meanwhile: there is nothing left to cancel.
        }
    };

    /// <summary>
    /// Has a source cancelled in the next turn; what its callbacks throw is reported. Loop thread
    /// only.
    /// </summary>
    /// <returns>Takes it back, until it has run.</returns>
    public static LoopHandle Post(CoroutineScheduler scheduler, CancellationTokenSource source)
    {
        var handle = new StateHandle<CancellationTokenSource>(
            scheduler, s_cancel, source, null, null, 0);
        scheduler.Post(handle);
        return handle;
    }
}

namespace Reactor;

/// <summary>
/// Runs a batch while somebody watches: debug mode, instruments, or both. Nobody pays for either
/// while nobody watches, because the loop asks once a batch.
/// </summary>
internal static class WatchedBatch
{
    /// <summary>
    /// Runs exactly what is ready now. What the work switches on or off counts from the next piece
    /// of work on.
    /// </summary>
    public static void Run(ReadyQueue ready, DebugMode debug)
    {
        for (int left = ready.Count; left > 0; left--)
        {
            LoopWork work = ready.Dequeue();
            var step = work as TaskStep;
            if (step is not null)
            {
                ready.Instruments?.BeforeTaskStep(step);
            }

            try
            {
                if (debug.IsOn)
                {
                    debug.Run(work);
                }
                else
                {
                    work.Run();
                }
            }
            finally
            {
                if (step is not null)
                {
                    ready.Instruments?.AfterTaskStep(step);
                }
            }
        }
    }
}

namespace Reactor;

/// <summary>
/// A request to a task to end, on its way along a row of tasks of which each waits for the next
/// (asyncio: <c>Task.cancel</c>). Each one counts it; the last one asks what it waits for.
/// </summary>
/// <remarks>
/// Loop thread only. The row is followed by a loop: a row of 40,000 tasks, each asking the next,
/// filled the native stack, which ends the process. Other sources that ask further ones, as
/// <c>WhenAll</c> does, recurse as long as there is stack; see
/// <see cref="TaskIncidents.InterruptWait"/>.
/// </remarks>
internal static class CancelChain
{
    /// <summary>Sends a request.</summary>
    /// <param name="first">The step of the task that is to end; it has not ended.</param>
    /// <param name="message">The message of the exception.</param>
    /// <param name="outermost">Its block that asks; null: all of it is to end.</param>
    /// <returns>
    /// False if the task is already asking what it waits for: a request came back to it.
    /// </returns>
    public static bool Send(
        Trampoline first, string? message, ITokenScope? outermost = null)
    {
        if (!first.Incidents.TryAcceptCancel(message, first, outermost))
        {
            return false;
        }

        Trampoline last = first;
        try
        {
            last.Incidents.IsInterrupting = true; // so a row that comes back to it ends there
            while (AwaitedBy(last) is { } next
                && next.Incidents.TryAcceptCancel(message, next, outermost: null))
            {
                last.Incidents.MustCancel = false; // it throws when the next one has ended
                last = next;
                last.Incidents.IsInterrupting = true;
            }

            if (last.Wait is { } wait)
            {
                last.Incidents.InterruptWait(wait, last);
            }
            else
            {
                // Running, queued, or waiting for something foreign: it is thrown at the next step.
                last.Incidents.Postpone(last);
            }
        }
        finally
        {
            Release(first, last);
        }

        return true;
    }

    private static Trampoline? AwaitedBy(Trampoline step) =>
        step.Wait is Future { IsDone: false } future ? future.Step : null;

    // No task of the row has run meanwhile, so each still waits for the next.
    private static void Release(Trampoline first, Trampoline last)
    {
        Trampoline at = first;
        at.Incidents.IsInterrupting = false;
        while (!ReferenceEquals(at, last))
        {
            at = AwaitedBy(at)!;
            at.Incidents.IsInterrupting = false;
        }
    }
}

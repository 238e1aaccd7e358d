namespace Reactor;

/// <summary>
/// Sends a request to cancel along a chain of tasks, each of which awaits the next; the last one
/// asks its wait.
/// </summary>
/// <remarks>
/// A loop: recursion through 40,000 tasks overflowed the native stack, which ends the process.
/// </remarks>
internal static class CancelChain
{
    public static bool Send(Trampoline first, string? message, ITokenScope? outermost = null)
    {
        if (!first.Cancellation.TryAccept(message, outermost))
        {
            return false;
        }

        Trampoline last = first;
        try
        {
            while (AwaitedBy(last) is { } next && next.Cancellation.TryAccept(message, null))
            {
                last = next;
            }

            last.Cancellation.Ask();
        }
        finally
        {
            // No task of the chain has run meanwhile, so each still awaits the next.
            for (Trampoline at = first; !ReferenceEquals(at, last); at = AwaitedBy(at)!)
            {
                at.Cancellation.EndAsking();
            }
        }

        return true;
    }

    private static Trampoline? AwaitedBy(Trampoline step) =>
        step.Wait is Future { IsDone: false, Step: Trampoline next } ? next : null;
}

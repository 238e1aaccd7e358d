namespace Reactor;

/// <summary>
/// Sends a request to cancel along a chain of tasks that await each other; the last asks its wait.
/// </summary>
/// <remarks>A loop: recursion through 40,000 tasks overflowed the native stack.</remarks>
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
            // No task has run meanwhile, so each still awaits the next.
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

namespace Reactor.Http.Tests.Routing;

internal static class Allocations
{
    private const int Rounds = 1_000;
    private const int Calls = 1_000;

    /// <summary>
    /// The bytes that a thousand calls allocate, at least: code that is not optimised yet may
    /// allocate, and becomes optimised after some rounds.
    /// </summary>
    public static long Measure(Action action)
    {
        long least = long.MaxValue;
        for (int round = 0; round < Rounds && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < Calls; i++)
            {
                action();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}

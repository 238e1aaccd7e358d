namespace Reactor.Testing;

/// <summary>The size of the process's managed heap, for tests of what remains.</summary>
public static class ManagedHeap
{
    /// <summary>
    /// Bytes of live objects. <see cref="GC.GetTotalMemory"/> alone is content when two collections
    /// differ by 5 %; what other tests left to the finalizers is more than what is looked for.
    /// </summary>
    public static long Measure()
    {
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}

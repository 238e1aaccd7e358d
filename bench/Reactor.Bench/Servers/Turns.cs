namespace Reactor.Bench.Servers;

/// <summary>
/// Who is measured when. All peers follow each other closely, so that a slow minute of the machine
/// is everybody's; each round begins with another one, so that nobody always comes after the same.
/// </summary>
internal static class Turns
{
    /// <param name="all">In their usual order.</param>
    /// <param name="round">From 1.</param>
    public static IEnumerable<T> Rotate<T>(IReadOnlyList<T> all, int round)
    {
        for (int i = 0; i < all.Count; i++)
        {
            yield return all[(i + round - 1) % all.Count];
        }
    }
}

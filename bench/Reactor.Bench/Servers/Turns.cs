namespace Reactor.Bench.Servers;

/// <summary>
/// The order of the peers in a round. They follow each other closely, so that a slow minute of the
/// machine affects all of them; each round begins with another peer.
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

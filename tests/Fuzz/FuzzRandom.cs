// Random numbers of one input: all of them follow from the run's seed and the input's number, so
// that one input can be made again without those before it.
namespace Reactor.Fuzz;

/// <summary>SplitMix64. Reusable; one thread.</summary>
public sealed class FuzzRandom
{
    private ulong _state;

    /// <summary>Starts the numbers of one input.</summary>
    public void Begin(long seed, long input) =>
        _state = ((ulong)seed * 0xD1342543DE82EF95) ^ ((ulong)input * 0x9E3779B97F4A7C15);

    /// <summary>0 to below <paramref name="end"/>, which is at least 1.</summary>
    public int Next(int end)
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((uint)((z ^ (z >> 31)) >> 32) % (uint)end);
    }

    /// <summary>One of several.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Next(items.Count)];
}

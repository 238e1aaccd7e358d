namespace Reactor.Tools.Loadgen;

/// <summary>
/// The generator SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators,
/// 2014): eight bytes of state and the same numbers for a seed in every version of .NET, which
/// <see cref="Random"/> does not promise. Not for secrets. One thread at a time.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        ulong mixed = _state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number of an exponential distribution with the mean 1.</summary>
    public double NextExponential() => -Math.Log(((Next() >> 11) + 1) * (1.0 / (1L << 53)));
}

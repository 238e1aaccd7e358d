using Reactor.Http.Protocol;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The names of <see cref="ResponseDeviations"/> in reports; part of the interface, like those of
/// <see cref="Cause"/>. Pure.
/// </summary>
internal static class Deviation
{
    /// <summary>The names, in the order of the bits.</summary>
    public static readonly IReadOnlyList<string> Names =
    [
        "folded-field", "repeated-length", "missing-reason", "bare-line-feed",
        "coding-before-chunked",
    ];

    /// <summary>Counts each deviation of a response.</summary>
    public static void Count(ResponseDeviations deviations, long[] counts)
    {
        for (int bit = 0; bit < counts.Length; bit++)
        {
            counts[bit] += ((int)deviations >> bit) & 1;
        }
    }
}

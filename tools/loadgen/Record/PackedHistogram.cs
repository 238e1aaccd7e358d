using System.Diagnostics;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// A histogram as bytes: some kilobytes instead of 261, for results that keep one for each
/// interval. Immutable; any thread.
/// </summary>
internal sealed class PackedHistogram
{
    private readonly byte[] _bytes;
    private readonly long _max;
    private readonly long _tooLow;
    private readonly long _tooHigh;

    /// <summary>Packs a histogram.</summary>
    public PackedHistogram(Histogram histogram)
    {
        byte[] bytes = new byte[HistogramCodec.EncodedBytesMax];
        _bytes = bytes[..HistogramCodec.Encode(histogram, bytes)];
        (_max, _tooLow, _tooHigh) = (histogram.Max, histogram.TooLow, histogram.TooHigh);
    }

    /// <summary>Returns a new histogram, equal to the packed one.</summary>
    public Histogram Unpack()
    {
        var histogram = new Histogram();
        string? error = HistogramCodec.Decode(_bytes, histogram);
        bool isRestored = histogram.TryRestore(_max, _tooLow, _tooHigh);
        Debug.Assert(error is null && isRestored, "the bytes are those of a histogram");
        return histogram;
    }
}

// One payload in every way in which a network may bring it.
//
// A feed is a payload with cuts: as one sequence of segments or contiguous, all at once or growing
// from cut to cut. Each piece lies between guard bytes that would end a head if they were read.
// `Feed.All` is: whole, byte by byte, and cut in two at every index, in each of these ways. In the
// middle of a long payload a cut within a run of equal bytes is like its neighbours: there only
// some of the indexes are taken, because the time grows with the square of the length.
using System.Buffers;
using System.Text;

namespace Reactor.Testing;

/// <summary>One way in which a payload arrives.</summary>
public sealed class Feed
{
    private static readonly byte[] s_guard = "\r\n\r\n"u8.ToArray();

    private readonly List<byte[]> _arrays = [];
    private readonly List<GuardedSegment> _segments = [];
    private readonly int[] _cuts;
    private readonly ReadOnlyMemory<byte> _contiguous;
    private readonly bool _growing;

    private Feed(byte[] payload, int[] cuts, bool segmented, bool growing)
    {
        Name = $"{(segmented ? "segments" : "contiguous")}, {(growing ? "growing" : "at once")}, "
            + $"cut at {(cuts.Length > 3 ? "every byte" : string.Join(" and ", cuts[..^1]))}";
        _cuts = cuts;
        _growing = growing;
        if (!segmented)
        {
            _contiguous = Guarded(payload);
            return;
        }

        int start = 0;
        foreach (int cut in cuts)
        {
            var segment = new GuardedSegment(Guarded(payload.AsSpan(start, cut - start)), start);
            if (_segments.Count > 0)
            {
                _segments[^1].Follow(segment);
            }

            _segments.Add(segment);
            start = cut;
        }
    }

    /// <summary>For messages of assertions.</summary>
    public string Name { get; }

    /// <summary>True if its buffers have several segments.</summary>
    public bool IsSegmented => _segments.Count > 0;

    /// <summary>All feeds of a payload.</summary>
    public static IEnumerable<Feed> All(byte[] payload)
    {
        int length = payload.Length;
        yield return new Feed(payload, [length], segmented: false, growing: false);
        if (length == 0)
        {
            yield break;
        }

        int[] bytes = [.. Enumerable.Range(1, length)];
        yield return new Feed(payload, bytes, segmented: false, growing: true);
        yield return new Feed(payload, bytes, segmented: true, growing: true);
        yield return new Feed(payload, bytes, segmented: true, growing: false);
        foreach (int cut in Enumerable.Range(1, length - 1).Where(cut => IsWorthACut(payload, cut)))
        {
            yield return new Feed(payload, [cut, length], segmented: true, growing: false);
            yield return new Feed(payload, [cut, length], segmented: true, growing: true);
            yield return new Feed(payload, [cut, length], segmented: false, growing: true);
        }
    }

    /// <summary>A feed in pieces of the given sizes; the rest is the last piece.</summary>
    public static Feed Pieces(byte[] payload, IEnumerable<int> sizes, bool segmented)
    {
        List<int> cuts = [];
        int end = 0;
        foreach (int size in sizes)
        {
            end += size;
            if (end >= payload.Length)
            {
                break;
            }

            cuts.Add(end);
        }

        cuts.Add(payload.Length);
        return new Feed(payload, [.. cuts], segmented, growing: true);
    }

    /// <summary>
    /// The buffers, each with all of the one before it; the last has the whole payload.
    /// </summary>
    public IEnumerable<ReadOnlySequence<byte>> Buffers()
    {
        for (int i = _growing ? 0 : _cuts.Length - 1; i < _cuts.Length; i++)
        {
            yield return _segments.Count == 0
                ? new ReadOnlySequence<byte>(_contiguous[.._cuts[i]])
                : new ReadOnlySequence<byte>(
                    _segments[0], 0, _segments[i], _segments[i].Memory.Length);
        }
    }

    /// <summary>The pieces between the cuts, for readers that consume as they go.</summary>
    public IEnumerable<int> Ends => _growing ? _cuts : [_cuts[^1]];

    /// <summary>Overwrites the memory: what was not copied is lost.</summary>
    public void Wipe()
    {
        foreach (byte[] array in _arrays)
        {
            array.AsSpan().Fill(0xDD);
        }
    }

    /// <summary>Text to octets, each character below 256 as one.</summary>
    public static byte[] Octets(string text) => Encoding.Latin1.GetBytes(text);

    // The stride is a prime, so that the cuts meet every place of a vector.
    private static bool IsWorthACut(byte[] payload, int cut)
    {
        const int Ends = 1024;
        const int Stride = 31;
        return cut < Ends || cut > payload.Length - Ends || cut % Stride == 0
            || payload[cut - 1] != payload[cut];
    }

    private Memory<byte> Guarded(ReadOnlySpan<byte> bytes)
    {
        byte[] array = [.. s_guard, .. bytes, .. s_guard];
        _arrays.Add(array);
        return array.AsMemory(s_guard.Length, bytes.Length);
    }

    private sealed class GuardedSegment : ReadOnlySequenceSegment<byte>
    {
        public GuardedSegment(ReadOnlyMemory<byte> memory, long start)
        {
            Memory = memory;
            RunningIndex = start;
        }

        public void Follow(GuardedSegment next) => Next = next;
    }
}

// The bytes of a histogram, as every HdrHistogram library reads and writes them (encoding V2).
//
// Plain: a header of 40 bytes, big-endian (cookie, length of the counters, normalizing offset,
// significant digits, lowest value, highest value, ratio as double), then the counters in the order
// of their index. A counter is a signed number, ZigZag, in 1 to 9 bytes: seven bits and a
// continuation bit in each of the first eight, eight bits in the ninth. A negative number is a run
// of that many zeros; a single zero is 0.
// Compressed: a cookie, a length, and the plain form as a zlib stream.
//
// Written is only the layout of Histogram, and only that is read: anything else is an error, as are
// a cut or too long input and a negative count. Nothing is read beyond the input.
//
// Encode allocates nothing and skips zeros with vector instructions, so a running loop may call it.
// Max, TooLow and TooHigh are not in this format: Histogram.TryRestore sets them.
using System.Buffers.Binary;
using System.IO.Compression;

namespace Reactor.Tools.Loadgen;

/// <summary>Encodes and decodes histograms. Pure; any thread.</summary>
internal static class HistogramCodec
{
    /// <summary>The first four bytes of the plain form.</summary>
    public const uint PlainCookie = 0x1c849303 | WordOf64Bits;

    /// <summary>The first four bytes of the compressed form.</summary>
    public const uint CompressedCookie = 0x1c849304 | WordOf64Bits;

    private const uint WordOf64Bits = 0x10;
    private const int HeaderBytes = 40;
    private const int CompressedHeaderBytes = 8;
    private const int NumberBytesMax = 9;
    private const int Digits = 3;
    private const long Lowest = 1;

    /// <summary>The largest plain form: each counter in nine bytes.</summary>
    public static int EncodedBytesMax =>
        HeaderBytes + (Histogram.CountersMax * NumberBytesMax);

    /// <summary>Writes the plain form; allocates nothing.</summary>
    /// <param name="histogram">The histogram.</param>
    /// <param name="target">At least <see cref="EncodedBytesMax"/> bytes.</param>
    /// <returns>The number of bytes written.</returns>
    public static int Encode(Histogram histogram, Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(target.Length, EncodedBytesMax);
        ReadOnlySpan<long> counters = histogram.Counters;
        int position = HeaderBytes;
        for (int i = 0; i < counters.Length;)
        {
            int zeros = counters[i..].IndexOfAnyExcept(0);
            zeros = zeros < 0 ? counters.Length - i : zeros;
            long number = zeros > 1 ? -zeros : counters[i];
            i += Math.Max(zeros, 1);
            position += WriteNumber(target[position..], number);
        }

        BinaryPrimitives.WriteUInt32BigEndian(target, PlainCookie);
        BinaryPrimitives.WriteInt32BigEndian(target[4..], position - HeaderBytes);
        BinaryPrimitives.WriteInt32BigEndian(target[8..], 0);
        BinaryPrimitives.WriteInt32BigEndian(target[12..], Digits);
        BinaryPrimitives.WriteInt64BigEndian(target[16..], Lowest);
        BinaryPrimitives.WriteInt64BigEndian(target[24..], Histogram.ValueMax);
        BinaryPrimitives.WriteDoubleBigEndian(target[32..], 1);
        return position;
    }

    /// <summary>Returns the compressed form.</summary>
    public static byte[] Compress(Histogram histogram)
    {
        byte[] plain = new byte[EncodedBytesMax];
        int length = Encode(histogram, plain);
        using var target = new MemoryStream();
        target.Write(stackalloc byte[CompressedHeaderBytes]);
        using (var zlib = new ZLibStream(target, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(plain, 0, length);
        }

        byte[] bytes = target.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(bytes, CompressedCookie);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), bytes.Length - CompressedHeaderBytes);
        return bytes;
    }

    /// <summary>Adds the counters of a plain form to a histogram.</summary>
    /// <param name="source">The bytes, no more and no less.</param>
    /// <param name="target">The histogram; of no use after an error.</param>
    /// <returns>The error, or null.</returns>
    public static string? Decode(ReadOnlySpan<byte> source, Histogram target)
    {
        if (HeaderError(source) is { } error)
        {
            return error;
        }

        source = source[HeaderBytes..];
        int index = 0;
        while (!source.IsEmpty)
        {
            if (!TryReadNumber(ref source, out long number))
            {
                return "the last counter is cut";
            }

            int left = Histogram.CountersMax - index;
            if (left == 0 || number < -left)
            {
                return Text($"more than {Histogram.CountersMax} counters");
            }

            if (number > target.CountLeft)
            {
                return "the counters exceed 2^63 - 1 in sum";
            }

            if (number > 0)
            {
                target.Add(index, number);
            }

            index += number < 0 ? (int)-number : 1;
        }

        return null;
    }

    /// <summary>Adds the counters of a compressed form to a histogram.</summary>
    /// <param name="source">The bytes, no more and no less.</param>
    /// <param name="target">The histogram; of no use after an error.</param>
    /// <returns>The error, or null.</returns>
    public static string? Decompress(byte[] source, Histogram target)
    {
        if (source.Length < CompressedHeaderBytes)
        {
            return Text($"{source.Length} bytes are no compressed histogram");
        }

        uint cookie = BinaryPrimitives.ReadUInt32BigEndian(source);
        int length = BinaryPrimitives.ReadInt32BigEndian(source.AsSpan(4));
        if (cookie != CompressedCookie)
        {
            return Text($"the cookie is 0x{cookie:x8} instead of 0x{CompressedCookie:x8}");
        }

        if (length != source.Length - CompressedHeaderBytes)
        {
            return Text($"{source.Length - CompressedHeaderBytes} bytes instead of {length}");
        }

        byte[] plain = new byte[EncodedBytesMax + 1];
        using var stream = new MemoryStream(source, CompressedHeaderBytes, length);
        using var zlib = new ZLibStream(stream, CompressionMode.Decompress);
        try
        {
            int count = zlib.ReadAtLeast(plain, plain.Length, throwOnEndOfStream: false);
            return Decode(plain.AsSpan(0, count), target);
        }
        catch (InvalidDataException)
        {
            return "the zlib stream is damaged";
        }
    }

    private static string? HeaderError(ReadOnlySpan<byte> source)
    {
        if (source.Length < HeaderBytes)
        {
            return Text($"{source.Length} bytes instead of a header of {HeaderBytes}");
        }

        uint cookie = BinaryPrimitives.ReadUInt32BigEndian(source);
        int length = BinaryPrimitives.ReadInt32BigEndian(source[4..]);
        int offset = BinaryPrimitives.ReadInt32BigEndian(source[8..]);
        int digits = BinaryPrimitives.ReadInt32BigEndian(source[12..]);
        long lowest = BinaryPrimitives.ReadInt64BigEndian(source[16..]);
        long highest = BinaryPrimitives.ReadInt64BigEndian(source[24..]);
        double ratio = BinaryPrimitives.ReadDoubleBigEndian(source[32..]);
        return (cookie, offset, digits, lowest, highest, ratio) switch
        {
            (not PlainCookie, _, _, _, _, _) =>
                Text($"the cookie is 0x{cookie:x8} instead of 0x{PlainCookie:x8}"),
            (_, not 0, _, _, _, _) => Text($"the normalizing offset is {offset} instead of 0"),
            (_, _, not Digits, _, _, _) => Text($"{digits} significant digits instead of {Digits}"),
            (_, _, _, not Lowest, _, _) => Text($"the lowest value is {lowest} instead of 1"),
            (_, _, _, _, not Histogram.ValueMax, _) =>
                Text($"the highest value is {highest} instead of {Histogram.ValueMax}"),
            (_, _, _, _, _, not 1.0) => Text($"the ratio is {ratio} instead of 1"),
            _ when length != source.Length - HeaderBytes =>
                Text($"{source.Length - HeaderBytes} bytes of counters instead of {length}"),
            _ => null,
        };
    }

    private static int WriteNumber(Span<byte> target, long number)
    {
        ulong rest = (ulong)((number << 1) ^ (number >> 63));
        int length = 0;
        while (rest >= 0x80 && length < NumberBytesMax - 1)
        {
            target[length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        target[length++] = (byte)rest;
        return length;
    }

    // False if the source ends within the number.
    private static bool TryReadNumber(ref ReadOnlySpan<byte> source, out long number)
    {
        ulong bits = 0;
        for (int i = 0; i < source.Length; i++)
        {
            bool isNinth = i == NumberBytesMax - 1;
            bits |= (ulong)(isNinth ? source[i] : source[i] & 0x7f) << (7 * i);
            if (isNinth || source[i] < 0x80)
            {
                number = (long)(bits >> 1) ^ -(long)(bits & 1);
                source = source[(i + 1)..];
                return true;
            }
        }

        number = 0;
        return false;
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}

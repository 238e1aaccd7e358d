// The search for the end of a field line, 32 octets at a time; see `OctetSet` for the reason.
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Reactor.Http.Protocol;

internal static class LineSearch
{
    /// <summary>The shortest span that can be searched, in octets.</summary>
    public const int LengthMin = 32;

    /// <summary>
    /// The place of the CRLF that ends a line; -1 if another CTL comes first, other than HTAB, or
    /// the end of the span.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int EndOfLine(ReadOnlySpan<byte> data, int from)
    {
        Debug.Assert(data.Length >= LengthMin, "A vector fits into the span.");

        // SAFETY: 0 <= at <= data.Length - LengthMin, and place < data.Length.
        ref byte start = ref MemoryMarshal.GetReference(data);
        for (; from < data.Length; from += LengthMin)
        {
            int at = Math.Min(from, data.Length - LengthMin);
            var octets = Vector256.LoadUnsafe(ref start, (nuint)at);

            // As signed numbers, the successors of 0x00 to 0x1F and of 0x7F are below 0x21. So are
            // those of obs-text, which is as rare in a value as HTAB.
            uint found = Vector256.LessThan(
                    (octets + Vector256<byte>.One).AsSByte(), Vector256.Create((sbyte)0x21))
                .ExtractMostSignificantBits() >> (from - at);
            for (; found != 0; found &= found - 1)
            {
                int place = from + BitOperations.TrailingZeroCount(found);
                ref byte octet = ref Unsafe.Add(ref start, place);
                if (octet == Grammar.Cr)
                {
                    return place + 1 < data.Length && Unsafe.Add(ref octet, 1) == Grammar.Lf
                        ? place
                        : -1;
                }

                if (octet is < 0x80 and not Grammar.Tab)
                {
                    return -1;
                }
            }
        }

        return -1;
    }
}

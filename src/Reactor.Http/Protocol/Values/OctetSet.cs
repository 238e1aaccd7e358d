// The search for the first octet outside a set, 16 octets at a time.
//
// A call of `SearchValues` costs more than the search of a dozen octets, and it takes short spans
// an octet at a time. Here the last vector of a span overlaps the one before it.
using System.Buffers.Binary;
using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Reactor.Http.Protocol;

/// <summary>A set of ASCII octets as sixteen rows, one for each low half of an octet.</summary>
/// <remarks>Bit n of a row stands for the octet whose high half is n.</remarks>
internal readonly struct OctetSet
{
    private const int Width = 16;

    private readonly Vector128<byte> _rows;

    public OctetSet(ReadOnlySpan<byte> octets)
    {
        Span<byte> rows = stackalloc byte[Width];
        rows.Clear();
        foreach (byte octet in octets)
        {
            Debug.Assert(octet < 0x80, "A row has eight bits.");
            rows[octet & 0x0F] |= (byte)(1 << (octet >> 4));
        }

        _rows = Vector128.Create<byte>(rows);
    }

    /// <summary>Whether an octet is in the set.</summary>
    public bool Contains(byte octet) => ((_rows[octet & 0x0F] >> (octet >> 4)) & 1) != 0;

    /// <summary>The place of the first octet outside the set, or the length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int NextOutside(ReadOnlySpan<byte> data, int from)
    {
        if (data.Length < Width)
        {
            return NextOutsideShort(data, from);
        }

        // SAFETY: 0 <= at <= data.Length - Width.
        ref byte start = ref MemoryMarshal.GetReference(data);
        for (; from < data.Length; from += Width)
        {
            int at = Math.Min(from, data.Length - Width);
            uint found = Outside(Vector128.LoadUnsafe(ref start, (nuint)at)) >> (from - at);
            if (found != 0)
            {
                return from + BitOperations.TrailingZeroCount(found);
            }
        }

        return data.Length;
    }

    private int NextOutsideShort(ReadOnlySpan<byte> data, int from)
    {
        // The first and the last eight octets side by side.
        if (data.Length - from >= 8)
        {
            ReadOnlySpan<byte> rest = data[from..];
            var octets = Vector128.Create(
                BinaryPrimitives.ReadUInt64LittleEndian(rest),
                BinaryPrimitives.ReadUInt64LittleEndian(rest[^8..])).AsByte();
            int place = BitOperations.TrailingZeroCount(Outside(octets) | (1 << Width));
            return place < 8 ? from + place : data.Length - Width + place;
        }

        while (from < data.Length && Contains(data[from]))
        {
            from++;
        }

        return from;
    }

    // A bit for each octet that is not in the set.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Outside(Vector128<byte> octets)
    {
        Vector128<byte> rows =
            Vector128.ShuffleNative(_rows, octets & Vector128.Create((byte)0x0F));
        Vector128<byte> bits = Vector128.ShuffleNative(
            Vector128.Create(1, 2, 4, 8, 16, 32, 64, 128, 0, 0, 0, 0, 0, 0, 0, 0), octets >>> 4);
        return Vector128.Equals(rows & bits, Vector128<byte>.Zero).ExtractMostSignificantBits();
    }
}

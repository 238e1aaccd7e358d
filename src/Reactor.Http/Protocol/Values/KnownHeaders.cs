// Names are found by a hash of both ends, in words of eight octets. No two known names have the
// same hash, so a name is compared with at most one.
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Reactor.Http.Protocol;

/// <summary>Spelling and recognition of the known field names. Immutable; any thread.</summary>
internal static class KnownHeaders
{
    // In the order of the enum.
    private static readonly string[] s_names =
    [
        "", "Host", "Connection", "Content-Length", "Transfer-Encoding", "Expect", "Upgrade",
        "Content-Type", "Authorization", "Sec-WebSocket-Key", "Accept", "Accept-Encoding",
        "Accept-Language", "Accept-Ranges", "Age", "Allow", "Cache-Control", "Content-Disposition",
        "Content-Encoding", "Content-Language", "Content-Location", "Content-Range", "Cookie",
        "Date", "ETag", "Expires", "Forwarded", "If-Match", "If-Modified-Since", "If-None-Match",
        "If-Range", "If-Unmodified-Since", "Keep-Alive", "Last-Modified", "Link", "Location",
        "Max-Forwards", "Origin", "Pragma", "Proxy-Authenticate", "Proxy-Authorization",
        "Proxy-Connection", "Range", "Referer", "Retry-After", "Sec-WebSocket-Accept",
        "Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol", "Sec-WebSocket-Version", "Server",
        "Set-Cookie", "Strict-Transport-Security", "TE", "Traceparent", "Trailer", "User-Agent",
        "Vary", "Via", "WWW-Authenticate", "X-Content-Type-Options", "X-Forwarded-For",
        "X-Forwarded-Host", "X-Forwarded-Proto", "X-Request-ID",
    ];

    private static readonly byte[][] s_bytes = Array.ConvertAll(s_names, Encoding.ASCII.GetBytes);

    private static readonly Slot[] s_slots = MakeSlots();

    /// <summary>How many values <see cref="KnownHeader"/> has, <c>Other</c> included.</summary>
    public static int Count => s_names.Length;

    public static ReadOnlySpan<byte> Bytes(KnownHeader header) => s_bytes[(int)header];

    public static string Name(KnownHeader header) => s_names[(int)header];

    /// <summary>Recognises a field name, whatever the case of its letters (RFC 9110 5.1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static KnownHeader Find(ReadOnlySpan<byte> name)
    {
        if (name.Length < 2)
        {
            return KnownHeader.Other;
        }

        (ulong first, ulong last) = Ends(name);
        ref readonly Slot slot = ref s_slots[Hash(first, last)];
        return slot.First == first && slot.Last == last && slot.Length == name.Length
            && (name.Length <= 16 || Ascii.EqualsIgnoreCase(name, Bytes(slot.Known)))
            ? slot.Known : KnownHeader.Other;
    }

    // SAFETY: the switch knows that the octets are there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (ulong First, ulong Last) Ends(ReadOnlySpan<byte> name)
    {
        ref byte start = ref MemoryMarshal.GetReference(name);
        ref byte end = ref Unsafe.Add(ref start, name.Length);
        (ulong first, ulong last) = name.Length switch
        {
            >= 8 => (Read<ulong>(ref start), Read<ulong>(ref Unsafe.Subtract(ref end, 8))),
            >= 4 => (Read<uint>(ref start), Read<uint>(ref Unsafe.Subtract(ref end, 4))),
            _ => (Read<ushort>(ref start), Read<ushort>(ref Unsafe.Subtract(ref end, 2))),
        };
        return (Fold(first), Fold(last));
    }

    private static T Read<T>(ref byte at) => Unsafe.ReadUnaligned<T>(ref at);

    // The factor is the first of many random ones under which no two names collide.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte Hash(ulong first, ulong last) =>
        (byte)(((first ^ (last * 31)) * 0x9A2603E9E2A9FDA9) >> 56);

    // Of the octets of known names, exactly the letters have the bit 0x40.
    private static ulong Fold(ulong octets) => octets | ((octets & 0x4040404040404040) >> 1);

    private static Slot[] MakeSlots()
    {
        Debug.Assert(s_names.Length <= 64, "A head keeps the known names in one 64-bit set.");
        var slots = new Slot[byte.MaxValue + 1];
        for (int i = 1; i < s_names.Length; i++)
        {
            ReadOnlySpan<byte> name = s_bytes[i];
            (ulong first, ulong last) = Ends(name);
            ref Slot slot = ref slots[Hash(first, last)];
            Debug.Assert(slot.Known == KnownHeader.Other, "A new name needs another factor.");
            slot = new Slot(first, last, name.Length, (KnownHeader)i);
        }

        return slots;
    }

    // Both ends of a name, eight octets each or what a short name has, without case.
    private readonly record struct Slot(ulong First, ulong Last, int Length, KnownHeader Known);
}

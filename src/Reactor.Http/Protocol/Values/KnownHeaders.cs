// Field name <-> `KnownHeader`, on bytes, without case and without strings.
//
// Names are found by open addressing over a hash of length, first and last letter. The table is
// fixed and less than a quarter full, so a hostile name costs a handful of probes at most.
using System.Diagnostics;
using System.Text;

namespace Reactor.Http.Protocol;

/// <summary>Spelling and recognition of the known field names. Immutable; any thread.</summary>
public static class KnownHeaders
{
    private const int SlotsMask = 511;

    // In the order of the enum.
    private static readonly string[] s_names =
    [
        "",
        "Host",
        "Connection",
        "Content-Length",
        "Transfer-Encoding",
        "Expect",
        "Upgrade",
        "Content-Type",
        "Authorization",
        "Sec-WebSocket-Key",
        "Accept",
        "Accept-Encoding",
        "Accept-Language",
        "Accept-Ranges",
        "Age",
        "Allow",
        "Cache-Control",
        "Content-Disposition",
        "Content-Encoding",
        "Content-Language",
        "Content-Location",
        "Content-Range",
        "Cookie",
        "Date",
        "ETag",
        "Expires",
        "Forwarded",
        "If-Match",
        "If-Modified-Since",
        "If-None-Match",
        "If-Range",
        "If-Unmodified-Since",
        "Keep-Alive",
        "Last-Modified",
        "Link",
        "Location",
        "Max-Forwards",
        "Origin",
        "Pragma",
        "Proxy-Authenticate",
        "Proxy-Authorization",
        "Proxy-Connection",
        "Range",
        "Referer",
        "Retry-After",
        "Sec-WebSocket-Accept",
        "Sec-WebSocket-Extensions",
        "Sec-WebSocket-Protocol",
        "Sec-WebSocket-Version",
        "Server",
        "Set-Cookie",
        "Strict-Transport-Security",
        "TE",
        "Traceparent",
        "Trailer",
        "User-Agent",
        "Vary",
        "Via",
        "WWW-Authenticate",
        "X-Content-Type-Options",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Request-ID",
    ];

    private static readonly byte[][] s_bytes = Array.ConvertAll(s_names, Encoding.ASCII.GetBytes);

    private static readonly KnownHeader[] s_slots = MakeSlots();

    /// <summary>How many values <see cref="KnownHeader"/> has, <c>Other</c> included.</summary>
    public static int Count => s_names.Length;

    /// <summary>The canonical spelling of a name, as bytes.</summary>
    /// <param name="header">A known name; <see cref="KnownHeader.Other"/> gives no bytes.</param>
    /// <returns>The name in ASCII.</returns>
    public static ReadOnlySpan<byte> Bytes(KnownHeader header) => s_bytes[(int)header];

    /// <summary>The canonical spelling of a name, as a string.</summary>
    /// <param name="header">A known name; <see cref="KnownHeader.Other"/> gives "".</param>
    /// <returns>The name; always the same object.</returns>
    public static string Name(KnownHeader header) => s_names[(int)header];

    /// <summary>Recognises a field name, whatever the case of its letters (RFC 9110 5.1).</summary>
    /// <param name="name">The bytes of the name.</param>
    /// <returns>The known name, or <see cref="KnownHeader.Other"/>.</returns>
    public static KnownHeader Find(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty)
        {
            return KnownHeader.Other;
        }

        for (int slot = Hash(name); ; slot = (slot + 1) & SlotsMask)
        {
            KnownHeader candidate = s_slots[slot];
            if (candidate == KnownHeader.Other
                || Ascii.EqualsIgnoreCase(name, s_bytes[(int)candidate]))
            {
                return candidate;
            }
        }
    }

    private static int Hash(ReadOnlySpan<byte> name)
    {
        int first = name[0] | 0x20;
        int last = name[^1] | 0x20;
        return (name.Length ^ (first * 13) ^ (last * 5)) & SlotsMask;
    }

    private static KnownHeader[] MakeSlots()
    {
        Debug.Assert(s_names.Length <= 64, "A head keeps the known names in one 64-bit set.");
        var slots = new KnownHeader[SlotsMask + 1];
        for (int i = 1; i < s_names.Length; i++)
        {
            int slot = Hash(s_bytes[i]);
            while (slots[slot] != KnownHeader.Other)
            {
                slot = (slot + 1) & SlotsMask;
            }

            slots[slot] = (KnownHeader)i;
        }

        return slots;
    }
}

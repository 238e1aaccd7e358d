// The framing of chunks that we send (RFC 9112 7.1), without extensions.
using System.Buffers.Text;
using System.Diagnostics;

namespace Reactor.Http.Protocol;

/// <summary>Chunk lines for outgoing bodies. Pure; any thread.</summary>
internal static class ChunkFraming
{
    /// <summary>Eight digits and CRLF.</summary>
    public const int LineBytesMax = 10;

    /// <summary>What follows the data of a chunk.</summary>
    public static ReadOnlySpan<byte> DataEnd => "\r\n"u8;

    /// <summary>The last chunk and an empty trailer section.</summary>
    public static ReadOnlySpan<byte> LastChunk => "0\r\n\r\n"u8;

    /// <summary>Writes the line before the data of a chunk.</summary>
    public static int WriteLine(int length, Span<byte> target)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        Debug.Assert(target.Length >= LineBytesMax, "A chunk line needs 10 bytes.");
        Utf8Formatter.TryFormat(length, target, out int digits, 'x');
        "\r\n"u8.CopyTo(target[digits..]);
        return digits + 2;
    }
}

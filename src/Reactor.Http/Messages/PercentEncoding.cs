using System.Buffers;
using System.Text;

namespace Reactor.Http;

/// <summary>
/// Writes text into a URI: escapes stay as they are, what the URI may not have becomes escapes of
/// its UTF-8 octets (RFC 3986 2.1 and 2.5).
/// </summary>
/// <remarks>Pure; any thread. A <c>%</c> without two digits is text, and is escaped.</remarks>
internal static class PercentEncoding
{
    /// <summary>Appends a text.</summary>
    /// <param name="target">What is appended to.</param>
    /// <param name="text">The text.</param>
    /// <param name="plain">The characters that stay, all ASCII and without <c>%</c>.</param>
    public static void Append(
        StringBuilder target, ReadOnlySpan<char> text, SearchValues<char> plain)
    {
        Span<byte> octets = stackalloc byte[4];
        while (!text.IsEmpty)
        {
            int run = text.IndexOfAnyExcept(plain) is >= 0 and var end ? end : text.Length;
            target.Append(text[..run]);
            text = text[run..];
            if (IsEscape(text))
            {
                target.Append(text[..3]);
                text = text[3..];
            }
            else if (!text.IsEmpty)
            {
                Rune.DecodeFromUtf16(text, out Rune rune, out int length);
                foreach (byte octet in octets[..rune.EncodeToUtf8(octets)])
                {
                    target.Append('%').Append(octet.ToString("X2", null));
                }

                text = text[length..];
            }
        }
    }

    private static bool IsEscape(ReadOnlySpan<char> text) =>
        text.Length > 2 && text[0] == '%'
        && char.IsAsciiHexDigit(text[1]) && char.IsAsciiHexDigit(text[2]);
}

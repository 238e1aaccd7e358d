using System.Diagnostics.CodeAnalysis;

namespace Reactor.Http.Protocol;

/// <summary>
/// Reads the boundary of a multipart Content-Type (RFC 2046 5.1.1): 1 to 70 of the characters that
/// may be in one, not ending with a space.
/// </summary>
/// <remarks>Pure; any thread.</remarks>
internal static class MultipartBoundary
{
    public const int BytesMax = 70;

    private static readonly OctetSet s_characters = new(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'()+_,-./:=? "u8);

    /// <summary>Reads the boundary; null if the type is refused.</summary>
    public static byte[]? Read(ReadOnlySpan<byte> contentType, out MultipartRejection rejection)
    {
        byte[]? boundary = null;
        bool isRepeated = false;
        var parameters = new ContentParameters(contentType);
        while (parameters.MoveNext())
        {
            if (parameters.NameIs("boundary"u8))
            {
                isRepeated |= boundary is not null;
                // No boundary has a quote or a backslash, so there is nothing to unescape.
                boundary = parameters.Value.ToArray();
            }
        }

        rejection = boundary is null && !parameters.IsMalformed ? MultipartRejection.BoundaryMissing
            : parameters.IsMalformed || isRepeated || !IsValid(boundary)
            ? MultipartRejection.BoundaryInvalid
            : MultipartRejection.None;
        return rejection == MultipartRejection.None ? boundary : null;
    }

    private static bool IsValid([NotNullWhen(true)] byte[]? boundary) =>
        boundary is { Length: > 0 and <= BytesMax }
        && boundary[^1] != Grammar.Space
        && s_characters.NextOutside(boundary, 0) == boundary.Length;
}

using System.Net;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The content codings of a client (RFC 9110 8.4.1): which a request asks for, and how those of its
/// response are undone.
/// </summary>
/// <remarks>Pure; any thread.</remarks>
internal static class ContentCodings
{
    private const DecompressionMethods Known =
        DecompressionMethods.GZip | DecompressionMethods.Deflate | DecompressionMethods.Brotli;

    /// <summary>Codings of one body that are undone: each of the three once.</summary>
    private const int CodingsMax = 3;

    /// <summary>In the order of Accept-Encoding: of equals, servers prefer the first.</summary>
    private static readonly (string Name, DecompressionMethods Method)[] s_codings =
    [
        ("br", DecompressionMethods.Brotli),
        ("gzip", DecompressionMethods.GZip),
        ("deflate", DecompressionMethods.Deflate),
        ("x-gzip", DecompressionMethods.GZip), // as a recipient only (8.4.1.3)
    ];

    public static bool AreKnown(DecompressionMethods methods) =>
        methods == DecompressionMethods.All || (methods & ~Known) == 0;

    /// <summary>
    /// What the client asks for beside the request's own fields: a request with Accept-Encoding
    /// chooses and decodes itself, and a range is one of the coded bytes.
    /// </summary>
    public static DecompressionMethods AskedBy(ClientRequest request, ClientOptions options) =>
        options.Decompression == DecompressionMethods.None
        || request.Headers.Contains("Accept-Encoding") || request.Headers.Contains("Range")
            ? DecompressionMethods.None
            : options.Decompression & Known;

    /// <summary>The value of Accept-Encoding; null for none.</summary>
    public static string? NamesOf(DecompressionMethods methods) =>
        methods == DecompressionMethods.None ? null : string.Join(", ", s_codings
            .Where(coding => coding.Name != "x-gzip" && methods.HasFlag(coding.Method))
            .Select(coding => coding.Name));

    /// <summary>
    /// What undoes the codings of a response; null if it has none, or one that was not asked for:
    /// then its body stays as it is, as in Go. So does a part of a body.
    /// </summary>
    public static ContentDecoding? DecodingOf(ResponseHead head, DecompressionMethods asked)
    {
        if (asked == DecompressionMethods.None || head.BodyKind == BodyKind.None
            || head.Status == 206)
        {
            return null;
        }

        var stages = new List<ContentStage>();
        foreach (ReadOnlySpan<byte> line in head.Values(KnownHeader.ContentEncoding))
        {
            foreach (ReadOnlySpan<byte> name in new FieldList(line))
            {
                if (name.IsEmpty || Ascii.EqualsIgnoreCase(name, "identity"))
                {
                    continue;
                }

                DecompressionMethods method = MethodOf(name) & asked;
                if (method == DecompressionMethods.None || stages.Count == CodingsMax)
                {
                    return null;
                }

                // They stand in the order in which they were applied (8.4).
                stages.Insert(0, method == DecompressionMethods.Brotli
                    ? new BrotliStage()
                    : new InflateStage(isGzip: method == DecompressionMethods.GZip));
            }
        }

        return stages.Count > 0 ? new ContentDecoding([.. stages]) : null;
    }

    private static DecompressionMethods MethodOf(ReadOnlySpan<byte> name)
    {
        foreach ((string known, DecompressionMethods method) in s_codings)
        {
            if (Ascii.EqualsIgnoreCase(name, known))
            {
                return method;
            }
        }

        return DecompressionMethods.None;
    }
}

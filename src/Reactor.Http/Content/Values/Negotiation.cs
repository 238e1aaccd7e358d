using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// Content negotiation: which of the forms that a handler can send does the client want (RFC 9110
/// 12.5)? Malformed preferences are ignored, since a preference is only advice.
/// </summary>
/// <remarks>
/// Loop thread only. A response that was chosen so must name the field in Vary, or caches give it
/// to clients that want another (12.5.5): <c>response.Headers.AddVary("Accept")</c>.
/// </remarks>
public static class Negotiation
{
    private const string Identity = "identity";

    extension(Request request)
    {
        /// <summary>
        /// The media type that the client prefers by Accept; of equals the first one given. The
        /// most specific range of the client decides about a type, and <c>q=0</c> excludes it.
        /// </summary>
        /// <param name="types">
        /// What the handler can send, such as <c>application/json</c>, best first.
        /// </param>
        /// <returns>
        /// One of the types, the first one if the client has no preference; null if it accepts
        /// none of them.
        /// </returns>
        public string? Accepts(params ReadOnlySpan<string> types)
        {
            string? best = null;
            int quality = 0;
            foreach (string type in types)
            {
                int one = MediaRanges.QualityOf(request.Head, Encoding.Latin1.GetBytes(type));
                if (one > quality)
                {
                    (best, quality) = (type, one);
                }
            }

            return best;
        }

        /// <summary>As <c>Accepts</c>, but responds 406 if the client accepts none.</summary>
        /// <remarks>
        /// Optional: a server may also send what was not asked for (15.5.7), which suits clients
        /// that send a careless Accept.
        /// </remarks>
        /// <inheritdoc cref="extension(Request).Accepts(ReadOnlySpan{string})" path="/param"/>
        /// <exception cref="HttpException">406: the client accepts none of the types.</exception>
        public string RequireAccept(params ReadOnlySpan<string> types) =>
            request.Accepts(types) ?? throw HttpException.NotAcceptable(
                $"The resource can be sent as {string.Join(", ", types)}.");

        /// <summary>
        /// The content coding that the client prefers by Accept-Encoding; of equals the first one
        /// given, and <c>identity</c>, no coding, last.
        /// </summary>
        /// <param name="codings">What the handler can apply, such as <c>br</c>, best first.</param>
        /// <returns>
        /// One of the codings, or <c>identity</c>: also without Accept-Encoding, because such a
        /// client may know no coding. Null if the client excludes even that.
        /// </returns>
        public string? AcceptsEncoding(params ReadOnlySpan<string> codings)
        {
            if (!request.Head.Contains(KnownHeader.AcceptEncoding))
            {
                return Identity;
            }

            string? best = null;
            int quality = 0;
            foreach (string coding in codings)
            {
                int one = QualityOf(request.Head, coding) ?? 0;
                if (one > quality)
                {
                    (best, quality) = (coding, one);
                }
            }

            // Acceptable unless excluded (12.5.3); unlisted it has no weight: the last resort.
            int plain = QualityOf(request.Head, Identity) ?? (best is null ? 1 : 0);
            return plain > quality ? Identity : best;
        }
    }

    // By its own element, else by "*"; null if neither stands there.
    private static int? QualityOf(RequestHead head, string coding)
    {
        int? own = null;
        int? any = null;
        foreach (ReadOnlySpan<byte> line in head.Values(KnownHeader.AcceptEncoding))
        {
            foreach (AcceptElement element in new AcceptList(line))
            {
                if (Names(element.Value, coding))
                {
                    own = Math.Max(own ?? 0, element.Quality);
                }
                else if (element.Value is [(byte)'*'])
                {
                    any = Math.Max(any ?? 0, element.Quality);
                }
            }
        }

        return own ?? any;
    }

    // "x-gzip" is "gzip", "x-compress" is "compress" (8.4.1).
    private static bool Names(ReadOnlySpan<byte> sent, string coding) =>
        Ascii.EqualsIgnoreCase(sent, coding)
        || (coding is "gzip" or "compress" && sent is [(byte)'x' or (byte)'X', (byte)'-', ..]
            && Ascii.EqualsIgnoreCase(sent[2..], coding));
}

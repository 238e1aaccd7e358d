using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// One step of a request: what is sent to which URL, with which cookies, and until when. A redirect
/// makes another.
/// </summary>
/// <param name="Request">The request, with the default fields of the session.</param>
/// <param name="Url">Where it goes.</param>
/// <param name="Cookies">The value of Cookie, or null.</param>
/// <param name="Due">When the body of its response must have ended, on the loop's clock.</param>
internal sealed record ClientCall(
    ClientRequest Request, ClientUrl Url, string? Cookies, TimeSpan Due)
{
    /// <summary>What the framing of the response depends on: only HEAD has no body.</summary>
    public KnownMethod Method { get; } =
        Request.Method == "HEAD" ? KnownMethod.Head : KnownMethod.Get;

    /// <summary>
    /// The length of the content, asked for once: what is announced is what may be sent. Null:
    /// chunks, or no content.
    /// </summary>
    public long? ContentLength { get; } = LengthOf(Request.Content);

    /// <summary>
    /// Whether the content waits for a 100 response; an empty one must not (RFC 9110 10.1.1).
    /// </summary>
    public bool ExpectsContinue => Request.ExpectsContinue && ContentLength != 0;

    private static long? LengthOf(ClientContent? content) => content?.Length switch
    {
        < 0 => throw new InvalidOperationException(
            "The content announces a negative length: return null if it is not known."),
        var length => length,
    };
}

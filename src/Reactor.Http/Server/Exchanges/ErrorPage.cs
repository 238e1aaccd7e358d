using System.Globalization;
using System.Net;
using Reactor.Http.Protocol;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Makes the response to an error that the server answers itself: a rejected head or body, 404,
/// 405, 408, 500, 503, or an <see cref="HttpException"/> of 400 and above.
/// </summary>
/// <param name="context">The error; valid during the call.</param>
/// <returns>
/// A new response, whole in memory, with a status of 400 or above; null for the default page.
/// </returns>
/// <remarks>
/// Loop thread only; must not wait. The server adds the fields of the error, such as Allow and
/// Retry-After, and <c>Vary: Accept</c>. A page that throws or returns another kind of response is
/// logged, and the default page takes its place.
/// </remarks>
public delegate Response? ErrorPage(in ErrorContext context);

/// <summary>The format that a client prefers for the page of an error (RFC 9110 12.5.1).</summary>
public enum ErrorFormat
{
    /// <summary>Plain text: nothing is preferred, or nothing is known about the client.</summary>
    Text,

    /// <summary>Problem details in JSON, <c>application/problem+json</c> (RFC 9457).</summary>
    Problem,

    /// <summary>HTML.</summary>
    Html,
}

/// <summary>An error that the server answers, as its <see cref="ErrorPage"/> sees it.</summary>
/// <remarks>Loop thread only; valid during the call.</remarks>
public readonly ref struct ErrorContext
{
    /// <summary>The status code, 400 to 599.</summary>
    public int Status { get; internal init; }

    /// <summary>The phrase of the status, such as <c>Not Found</c>.</summary>
    public string Title =>
        ReasonPhrases.Get(Status) is { Length: > 0 } phrase ? phrase : "Error";

    /// <summary>
    /// A sentence for the client, not escaped, or null. The server's own has no byte of the
    /// request.
    /// </summary>
    public string? Detail { get; internal init; }

    /// <summary>The format that the client prefers.</summary>
    public ErrorFormat Format { get; internal init; }

    /// <summary>Why the request was refused; None if it was not.</summary>
    public Rejection Rejection { get; internal init; }

    /// <summary>The parsed head of the request; null if it was refused or late.</summary>
    public RequestHead? Head { get; internal init; }

    /// <summary>The address of the client.</summary>
    public EndPoint? Peer => Connection?.RemoteEndPoint;

    /// <summary>
    /// What the handler threw, or null. Its text is not for clients, except in development.
    /// </summary>
    public Exception? Exception { get; internal init; }

    /// <summary>Messages by field name, of a problem of validation; null for others.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; internal init; }

    /// <summary>When the client may try again, if the response says it.</summary>
    public TimeSpan? RetryAfter => int.TryParse(
        Fields?.Find("Retry-After"), NumberStyles.None, CultureInfo.InvariantCulture,
        out int seconds) ? TimeSpan.FromSeconds(seconds) : null;

    internal Connection? Connection { get; init; }

    /// <summary>What the response has besides the page: Allow, Retry-After.</summary>
    internal ResponseHeaders? Fields { get; init; }
}

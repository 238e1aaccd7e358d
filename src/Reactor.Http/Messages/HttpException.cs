namespace Reactor.Http;

/// <summary>
/// An exception that is a response (aiohttp: <c>web.HTTPException</c>). Thrown by a handler, a
/// middleware or a body read, it is answered with its status, detail and headers. It is logged only
/// with a status of 500 and above. Once a response has begun, it is a failure like any other.
/// </summary>
/// <remarks>
/// Any thread creates it; it is answered on the loop thread. The page around the detail is that of
/// the application; a redirect has none. The text of the detail is escaped where the format
/// needs it. It must not repeat the request: the client may be misled by a link of another site.
/// </remarks>
public class HttpException : Exception
{
    private ResponseHeaders? _headers;

    /// <summary>Creates an exception that is answered with 500.</summary>
    public HttpException() : this(500)
    {
    }

    /// <summary>Creates an exception that is answered with 500 and its message.</summary>
    /// <param name="message">The detail.</param>
    public HttpException(string? message) : this(500, message)
    {
    }

    /// <summary>Creates an exception that is answered with 500 and its message.</summary>
    /// <param name="message">The detail.</param>
    /// <param name="innerException">The cause, for the log and for development.</param>
    public HttpException(string? message, Exception? innerException)
        : this(500, message, innerException)
    {
    }

    /// <summary>
    /// Creates an exception with a status. 401, 405, 407 and 426 need a field in
    /// <see cref="Headers"/> (RFC 9110 15.5); without it the response is 500.
    /// </summary>
    /// <param name="status">The status code, 300 to 599.</param>
    /// <param name="detail">A sentence for the client; null for none.</param>
    /// <param name="innerException">The cause, for the log and for development.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The status is no redirect and no error.
    /// </exception>
    public HttpException(int status, string? detail = null, Exception? innerException = null)
        : base(detail ?? $"The response is {status}.", innerException)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 300);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        Status = status;
        Detail = detail;
    }

    /// <summary>The status code of the response.</summary>
    public int Status { get; }

    /// <summary>The sentence that the client sees, or null.</summary>
    public string? Detail { get; }

    /// <summary>
    /// Fields of the response. They replace those of the page, except that <c>Vary</c> is added.
    /// </summary>
    public ResponseHeaders Headers => _headers ??= new ResponseHeaders();

    /// <summary>Messages by field name for a problem of validation; null for others.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    internal ResponseHeaders? HeadersOrNull => _headers;

    /// <summary>400: the request is malformed.</summary>
    /// <param name="detail">A sentence for the client.</param>
    public static HttpException BadRequest(string? detail = null) => new(400, detail);

    /// <summary>401: the request has no valid credentials.</summary>
    /// <param name="challenge">
    /// The value of WWW-Authenticate, such as <c>Basic realm="site"</c>, which is required
    /// (RFC 9110 15.5.2).
    /// </param>
    /// <param name="detail">A sentence for the client.</param>
    /// <exception cref="ArgumentException">The challenge is empty or no field value.</exception>
    public static HttpException Unauthorized(string challenge, string? detail = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(challenge);
        return new HttpException(401, detail).With("WWW-Authenticate", challenge);
    }

    /// <summary>403: the client may not do this; credentials would not help.</summary>
    /// <param name="detail">A sentence for the client.</param>
    public static HttpException Forbidden(string? detail = null) => new(403, detail);

    /// <summary>404: there is no such resource.</summary>
    /// <param name="detail">A sentence for the client.</param>
    public static HttpException NotFound(string? detail = null) => new(404, detail);

    /// <summary>405: the resource does not have the method.</summary>
    /// <param name="allow">
    /// The value of Allow, such as <c>GET, HEAD</c>; empty if the resource has no method now
    /// (RFC 9110 15.5.6, 10.2.1).
    /// </param>
    /// <param name="detail">A sentence for the client.</param>
    /// <exception cref="ArgumentException">It is no field value.</exception>
    public static HttpException MethodNotAllowed(string allow, string? detail = null) =>
        new HttpException(405, detail).With("Allow", allow);

    /// <summary>406: no form of the resource is one that the client accepts.</summary>
    /// <param name="detail">A sentence for the client.</param>
    public static HttpException NotAcceptable(string? detail = null) => new(406, detail);

    /// <summary>409: the request conflicts with the state of the resource.</summary>
    /// <param name="detail">A sentence for the client.</param>
    public static HttpException Conflict(string? detail = null) => new(409, detail);

    /// <summary>410: the resource was removed for good.</summary>
    /// <param name="detail">A sentence for the client.</param>
    public static HttpException Gone(string? detail = null) => new(410, detail);

    /// <summary>412: a precondition of the request is false.</summary>
    /// <param name="detail">A sentence for the client.</param>
    public static HttpException PreconditionFailed(string? detail = null) => new(412, detail);

    /// <summary>413: the content is larger than the resource takes.</summary>
    /// <param name="detail">A sentence for the client.</param>
    public static HttpException ContentTooLarge(string? detail = null) => new(413, detail);

    /// <summary>415: the resource does not take content of this type.</summary>
    /// <param name="detail">A sentence for the client.</param>
    public static HttpException UnsupportedMediaType(string? detail = null) => new(415, detail);

    /// <summary>422: the content is well-formed and wrong.</summary>
    /// <param name="detail">A sentence for the client.</param>
    /// <param name="errors">Messages by the name of the field that they are about.</param>
    public static HttpException UnprocessableContent(
        string? detail = null, IReadOnlyDictionary<string, string[]>? errors = null) =>
        new(422, detail) { Errors = errors };

    /// <summary>429: the client sends too many requests (RFC 6585 4).</summary>
    /// <param name="retryAfter">When it may send another, rounded up to whole seconds.</param>
    /// <param name="detail">A sentence for the client.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public static HttpException TooManyRequests(TimeSpan retryAfter, string? detail = null) =>
        new HttpException(429, detail).With(retryAfter);

    /// <summary>503: the resource cannot be served now. It is logged, as every 5xx.</summary>
    /// <param name="retryAfter">When to try again, rounded up to whole seconds.</param>
    /// <param name="detail">A sentence for the client.</param>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    public static HttpException ServiceUnavailable(TimeSpan retryAfter, string? detail = null) =>
        new HttpException(503, detail).With(retryAfter);

    /// <summary>Redirects the client.</summary>
    /// <param name="location">
    /// A path, or a URI of http or https, which is encoded. A path cannot name another host.
    /// </param>
    /// <param name="status">301, 302, 303, 307 or 308.</param>
    /// <exception cref="ArgumentException">The location is invalid.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It is no status of a redirect.</exception>
    public static HttpException Redirect(string location, int status = 302)
    {
        var redirect = new HttpException(LocationEncoder.RequireRedirect(status));
        return redirect.With("Location", LocationEncoder.Encode(location));
    }

    private HttpException With(string name, string value)
    {
        Headers.Add(name, value);
        return this;
    }

    private HttpException With(TimeSpan retryAfter)
    {
        Headers.SetRetryAfter(retryAfter);
        return this;
    }
}

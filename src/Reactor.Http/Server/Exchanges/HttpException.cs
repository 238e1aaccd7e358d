namespace Reactor.Http;

/// <summary>
/// An exception that is a response (aiohttp: <c>web.HTTPException</c>). Thrown by a handler or a
/// middleware, it is answered with its status, detail and headers, and is not logged as a failure.
/// </summary>
/// <remarks>Any thread creates it; it is answered on the loop thread.</remarks>
public class HttpException : Exception
{
    private ResponseHeaders? _headers;

    /// <summary>Creates an exception that is answered with 500.</summary>
    public HttpException() : this(500)
    {
    }

    /// <summary>Creates an exception that is answered with 500; the client sees the message.</summary>
    /// <param name="message">The detail.</param>
    public HttpException(string? message) : this(500, message)
    {
    }

    /// <summary>Creates an exception that is answered with 500; the client sees the message.</summary>
    /// <param name="message">The detail.</param>
    /// <param name="innerException">The cause, for the log and for development.</param>
    public HttpException(string? message, Exception? innerException)
        : this(500, message, innerException)
    {
    }

    /// <summary>Creates an exception with a status.</summary>
    /// <param name="status">The status code, 300 to 599.</param>
    /// <param name="detail">A sentence for the client; null for none.</param>
    /// <param name="innerException">The cause, for the log and for development.</param>
    /// <exception cref="ArgumentOutOfRangeException">The status is no redirect and no error.</exception>
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

    /// <summary>Header fields of the response.</summary>
    public ResponseHeaders Headers => _headers ??= new ResponseHeaders();

    /// <summary>Messages by field name for a problem of validation; null for others.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; init; }

    internal ResponseHeaders? HeadersOrNull => _headers;

    /// <summary>400: the request is malformed.</summary>
    /// <param name="detail">A sentence for the client.</param>
    public static HttpException BadRequest(string? detail = null) => new(400, detail);

    /// <summary>404: there is no such resource.</summary>
    /// <param name="detail">A sentence for the client.</param>
    public static HttpException NotFound(string? detail = null) => new(404, detail);
}

using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>What a request of a <see cref="ClientSession"/> may be late with.</summary>
public enum ClientPhase
{
    /// <summary>A connection of the pool: <see cref="ClientOptions.PoolTimeout"/>.</summary>
    Pool,

    /// <summary>The connection: <see cref="ClientOptions.ConnectTimeout"/>.</summary>
    Connect,

    /// <summary>The request: <see cref="ClientOptions.SendIdleTimeout"/>.</summary>
    Send,

    /// <summary>The response's head: <see cref="ClientOptions.HeadTimeout"/>.</summary>
    Head,

    /// <summary>The response's body: <see cref="ClientOptions.BodyIdleTimeout"/>.</summary>
    Body,

    /// <summary>All of it: <see cref="ClientOptions.Timeout"/>.</summary>
    Total,
}

/// <summary>
/// A request of a <see cref="ClientSession"/> failed (aiohttp: <c>ClientError</c>).
/// </summary>
public class ClientException : IOException
{
    /// <summary>Creates the exception.</summary>
    public ClientException()
    {
    }

    /// <summary>Creates the exception with a message.</summary>
    public ClientException(string? message) : base(message)
    {
    }

    /// <summary>Creates the exception with a message and a cause.</summary>
    public ClientException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>No connection could be made (aiohttp: <c>ClientConnectorError</c>).</summary>
public sealed class ClientConnectException(string message, Exception? innerException = null)
    : ClientException(message, innerException);

/// <summary>A time limit passed (aiohttp: <c>ServerTimeoutError</c>).</summary>
public sealed class ClientTimeoutException(ClientPhase phase, string message)
    : ClientException(message)
{
    /// <summary>What was late.</summary>
    public ClientPhase Phase { get; } = phase;
}

/// <summary>The pool takes no more requests: too many wait, or the session is closed.</summary>
public sealed class ClientPoolException(string message) : ClientException(message);

/// <summary>The response is malformed or beyond a limit.</summary>
public sealed class ClientProtocolException(Rejection reason, string message)
    : ClientException(message)
{
    /// <summary>Why.</summary>
    public Rejection Reason { get; } = reason;
}

/// <summary>
/// The server has closed or reset the connection before the end of the response (aiohttp:
/// <c>ServerDisconnectedError</c>).
/// </summary>
public sealed class ClientDisconnectedException(string message, bool hasResponseBytes)
    : ClientException(message)
{
    /// <summary>True if a byte of the response had arrived.</summary>
    public bool HasResponseBytes { get; } = hasResponseBytes;
}

/// <summary>
/// A redirect could not be followed (aiohttp: <c>TooManyRedirects</c>,
/// <c>InvalidUrlRedirectClientError</c>).
/// </summary>
public sealed class ClientRedirectException(string message) : ClientException(message);

/// <summary>
/// The status is an error, see <see cref="ClientResponse.EnsureSuccess"/> (aiohttp:
/// <c>ClientResponseError</c>).
/// </summary>
public sealed class ClientResponseException(int status, string message) : ClientException(message)
{
    /// <summary>The status of the response, 400 or more.</summary>
    public int Status { get; } = status;
}

/// <summary>A URL cannot be requested (aiohttp: <c>InvalidURL</c>).</summary>
public sealed class ClientUrlException(string message) : ClientException(message);

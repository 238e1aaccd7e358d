namespace Reactor.Http;

/// <summary>
/// A request to send: method, URL, fields, content. May be sent again once its response has ended.
/// </summary>
/// <remarks>Loop thread only while it is sent.</remarks>
public sealed class ClientRequest
{
    /// <summary>Creates a request.</summary>
    /// <param name="method">The method, case-sensitive (RFC 9110 9.1).</param>
    /// <param name="url">
    /// An <c>http:</c> URL, or one relative to <see cref="ClientOptions.BaseAddress"/>.
    /// </param>
    public ClientRequest(string method, string url)
    {
        ArgumentException.ThrowIfNullOrEmpty(method);
        ArgumentNullException.ThrowIfNull(url);
        Method = method;
        Url = url;
    }

    /// <summary>The method.</summary>
    public string Method { get; }

    /// <summary>The URL as given.</summary>
    public string Url { get; }

    /// <summary>The fields beside those that the client sets.</summary>
    public ClientHeaders Headers { get; } = new();

    /// <summary>The content, or null.</summary>
    public ClientContent? Content { get; init; }

    /// <summary>Null for <see cref="ClientOptions.Timeout"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not greater than zero.</exception>
    public TimeSpan? Timeout { get; init => field = OptionValue.Positive(value); }

    /// <summary>Null for <see cref="ClientOptions.FollowsRedirects"/>.</summary>
    public bool? FollowsRedirects { get; init; }

    /// <summary>
    /// Whether the content waits for a 100 response, a second at most (RFC 9110 10.1.1).
    /// </summary>
    public bool ExpectsContinue { get; init; }
}

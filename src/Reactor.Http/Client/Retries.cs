namespace Reactor.Http;

/// <summary>
/// Decides whether a failed request is sent again, on a new connection (RFC 9110 9.2.2).
/// </summary>
/// <remarks>
/// <para>Pure; any thread.</para>
/// <para>
/// A server may close a kept connection at the moment when a request is sent on it; this is what a
/// retry is for. On a new connection the server has closed because of the request, and would again.
/// What is late or malformed is not sent again: the server has it.
/// </para>
/// </remarks>
internal static class Retries
{
    /// <summary>Whether to send the request again.</summary>
    /// <param name="request">The request.</param>
    /// <param name="hasContentBegun">
    /// Whether <see cref="ClientContent.WriteAsync"/> was called.
    /// </param>
    /// <param name="retries">How often it was sent again already.</param>
    /// <param name="retriesMax"><see cref="ClientOptions.RetriesMax"/>.</param>
    public static bool IsAllowed(
        ClientRequest request, bool hasContentBegun, int retries, int retriesMax) =>
        retries < retriesMax
        && IsIdempotent(request.Method)
        && (!hasContentBegun || request.Content is null or { CanResend: true });

    /// <summary>Whether a method is idempotent: PUT, DELETE, and the safe ones.</summary>
    public static bool IsIdempotent(string method) =>
        method is "GET" or "HEAD" or "OPTIONS" or "PUT" or "DELETE" or "TRACE";
}

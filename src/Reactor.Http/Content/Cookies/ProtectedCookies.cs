namespace Reactor.Http;

/// <summary>
/// Signed and encrypted cookies. A signed one can be read by the client and not changed; an
/// encrypted one can be neither. Both end at their expiry whatever the browser does, and neither
/// can be replayed under another name; within its life it can be replayed as it is, so a session
/// that must end early needs a record on the server.
/// </summary>
/// <remarks>Loop thread only. The wall clock is that of the loop's driver.</remarks>
public static class ProtectedCookies
{
    /// <summary>
    /// How long a cookie without <see cref="CookieOptions.MaxAge"/> and
    /// <see cref="CookieOptions.Expires"/> is valid: one day.
    /// </summary>
    public static readonly TimeSpan DefaultLife = TimeSpan.FromDays(1);

    /// <summary>Sets a cookie that the client cannot change.</summary>
    /// <param name="response">The response.</param>
    /// <param name="request">The request that it answers.</param>
    /// <param name="keys">The keys; the first one signs.</param>
    /// <param name="name">A token; the cookie is valid under this name only.</param>
    /// <param name="value">Any text; at most about 3,000 bytes in UTF-8.</param>
    /// <param name="options">
    /// The attributes. <see cref="CookieOptions.MaxAge"/>, else
    /// <see cref="CookieOptions.Expires"/>, else <see cref="DefaultLife"/> also ends the
    /// signature.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The name is invalid, the attributes contradict each other, or the cookie has more than
    /// the 4,096 bytes that browsers keep.
    /// </exception>
    public static void SetSignedCookie(
        this Response response, Request request, CookieKeyRing keys, string name, string value,
        CookieOptions? options = null)
    {
        Require(request, keys, name, value);
        response.SetCookie(
            name, ProtectedCookie.Sign(keys.Current, name, value, EndOf(request, options)),
            options);
    }

    /// <summary>Sets a cookie that the client can neither read nor change.</summary>
    /// <inheritdoc cref="SetSignedCookie" path="/param"/>
    /// <inheritdoc cref="SetSignedCookie" path="/exception"/>
    public static void SetEncryptedCookie(
        this Response response, Request request, CookieKeyRing keys, string name, string value,
        CookieOptions? options = null)
    {
        Require(request, keys, name, value);
        response.SetCookie(
            name, ProtectedCookie.Encrypt(keys.Current, name, value, EndOf(request, options)),
            options);
    }

    /// <summary>
    /// The value of a signed cookie; null if it is missing, forged, expired, of another name,
    /// or of a key that is not in the ring.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="keys">The keys; all of them are accepted.</param>
    /// <param name="name">The name of the cookie.</param>
    public static string? GetSignedCookie(this Request request, CookieKeyRing keys, string name)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return request.Cookies.TryGetValue(name, out string? cookie)
            ? ProtectedCookie.Verify(keys, name, cookie, Now(request))
            : null;
    }

    /// <summary>The value of an encrypted cookie; null as for a signed one.</summary>
    /// <inheritdoc cref="GetSignedCookie" path="/param"/>
    public static string? GetEncryptedCookie(this Request request, CookieKeyRing keys, string name)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return request.Cookies.TryGetValue(name, out string? cookie)
            ? ProtectedCookie.Decrypt(keys, name, cookie, Now(request))
            : null;
    }

    private static DateTimeOffset Now(Request request) => request.Loop.Driver.UtcNow;

    private static DateTimeOffset EndOf(Request request, CookieOptions? options) =>
        options?.MaxAge is { } age ? Now(request) + age
            : options?.Expires ?? (Now(request) + DefaultLife);

    private static void Require(Request request, CookieKeyRing keys, string name, string value)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
    }
}

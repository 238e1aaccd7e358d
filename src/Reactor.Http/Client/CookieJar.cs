namespace Reactor.Http;

/// <summary>
/// The cookies that servers have set, and which of them a request carries (RFC 6265 5).
/// </summary>
/// <remarks>Loop thread only. Bounded: see its constants.</remarks>
public sealed class CookieJar
{
    /// <summary>The number of cookies.</summary>
    public int Count => throw new NotImplementedException();

    /// <summary>The value of Cookie for a request, or null.</summary>
    public string? Get(Uri url) => throw new NotImplementedException();

    /// <summary>Takes a Set-Cookie field of a response; an invalid one is ignored.</summary>
    public void Set(Uri url, string setCookie) => throw new NotImplementedException();

    /// <summary>Forgets all cookies.</summary>
    public void Clear() => throw new NotImplementedException();
}

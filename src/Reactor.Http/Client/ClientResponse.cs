using System.IO.Pipelines;
using System.Text.Json.Serialization.Metadata;

namespace Reactor.Http;

/// <summary>
/// A response: its head, and its body as it arrives (aiohttp: <c>ClientResponse</c>). A body that
/// was read to its end gives the connection back to the pool; <see cref="Dispose"/> before that
/// closes the connection.
/// </summary>
/// <remarks>Loop thread only.</remarks>
public sealed class ClientResponse : IDisposable
{
    internal ClientResponse()
    {
    }

    /// <summary>The status code.</summary>
    public int Status => throw new NotImplementedException();

    /// <summary>The URL of the last request.</summary>
    public Uri Url => throw new NotImplementedException();

    /// <summary>The URLs that were redirected, in order.</summary>
    public IReadOnlyList<Uri> Redirects => throw new NotImplementedException();

    /// <summary>The fields of the head.</summary>
    public ClientResponseHeaders Headers => throw new NotImplementedException();

    /// <summary>The body as it arrives, without framing.</summary>
    public PipeReader Body => throw new NotImplementedException();

    /// <summary>Reads the whole body.</summary>
    /// <exception cref="ClientException">It is too large, late, malformed or cut off.</exception>
    public Coroutine<ReadOnlyMemory<byte>> ReadAsync() => throw new NotImplementedException();

    /// <summary>Reads the whole body as text, in the charset of Content-Type or UTF-8.</summary>
    public Coroutine<string> TextAsync() => throw new NotImplementedException();

    /// <summary>Reads the whole body as JSON.</summary>
    public Coroutine<T?> JsonAsync<T>(JsonTypeInfo<T> metadata) =>
        throw new NotImplementedException();

    /// <summary>Throws if the status is 400 or more (aiohttp: <c>raise_for_status</c>).</summary>
    /// <exception cref="ClientResponseException">It is.</exception>
    public void EnsureSuccess() => throw new NotImplementedException();

    /// <summary>Ends the response. Idempotent.</summary>
    public void Dispose()
    {
    }
}

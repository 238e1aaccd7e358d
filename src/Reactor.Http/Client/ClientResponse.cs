using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// A response: its head, and its body as it arrives (aiohttp: <c>ClientResponse</c>). A body that
/// was read to its end gives the connection back to the pool; <see cref="Dispose"/> before that
/// closes the connection.
/// </summary>
/// <remarks>
/// Loop thread only. The body is read either whole, by <see cref="ReadAsync"/>, <see
/// cref="TextAsync"/> or <see cref="JsonAsync"/>, or as a stream through <see cref="Body"/>; the
/// other way throws <see cref="InvalidOperationException"/>.
/// </remarks>
public sealed class ClientResponse : IDisposable
{
    private readonly ClientExchange _exchange;

    internal ClientResponse(ClientExchange exchange, ClientUrl url, IReadOnlyList<Uri> redirects)
    {
        _exchange = exchange;
        ResponseHead head = exchange.Head;
        Status = head.Status;
        Reason = Encoding.Latin1.GetString(head.Reason);
        ContentDecoding? decoding = exchange.MakeDecoding();
        Headers = decoding is null
            ? ClientResponseHeaders.Of(head)
            : ClientResponseHeaders.Of(head).Without("Content-Encoding", "Content-Length");
        ContentLength = decoding is null && head.ContentLength >= 0 ? head.ContentLength : null;
        Target = url;
        Redirects = redirects;
        exchange.StartBody(decoding);
    }

    /// <summary>The status code.</summary>
    public int Status { get; }

    /// <summary>The reason phrase; may be empty, and means nothing.</summary>
    public string Reason { get; }

    /// <summary>The URL of the last request.</summary>
    public Uri Url => field ??= Target.ToUri();

    /// <summary>The URLs that were redirected, in order.</summary>
    public IReadOnlyList<Uri> Redirects { get; }

    /// <summary>
    /// The fields of the head; without Content-Encoding and Content-Length if the body is
    /// decompressed (<see cref="ClientOptions.Decompression"/>).
    /// </summary>
    public ClientResponseHeaders Headers { get; }

    /// <summary>The value of Content-Type, or null.</summary>
    public string? ContentType => Headers["Content-Type"];

    /// <summary>
    /// The value of Content-Length in bytes, or null, also if the body is decompressed. A response
    /// to HEAD has no such body.
    /// </summary>
    public long? ContentLength { get; }

    /// <summary>
    /// The trailer fields of a chunked body, without those that frame, route, authenticate or
    /// describe the content (RFC 9110 6.5.1).
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The body was not read to its end.
    /// </exception>
    public ClientResponseHeaders Trailers => !_exchange.Body.IsDone
        ? throw new InvalidOperationException(
            "The trailers come after the body: read it to its end first.")
        : _exchange.Trailers ?? ClientResponseHeaders.Empty;

    /// <summary>
    /// The body as it arrives, without framing and the codings of <see
    /// cref="ClientOptions.Decompression"/>. What is not consumed is held in memory, and the server
    /// is held back.
    /// </summary>
    /// <remarks>
    /// A read throws <see cref="ClientException"/> if the body is late, malformed or cut off. A
    /// cancelled read loses no byte.
    /// </remarks>
    /// <exception cref="ObjectDisposedException">The response was disposed of.</exception>
    public PipeReader Body
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            return _exchange.Body.Reader;
        }
    }

    internal ClientUrl Target { get; }

    /// <summary>Reads the whole body; later calls return the same.</summary>
    /// <exception cref="ClientException">It is too large, late, malformed or cut off.</exception>
    /// <exception cref="ObjectDisposedException">The response was disposed of.</exception>
    public async Coroutine<ReadOnlyMemory<byte>> ReadAsync()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        _exchange.Body.TryLimitTo(_exchange.Options.BodyBytesMax);
        return await _exchange.Body.ReadAllAsync();
    }

    /// <summary>
    /// Reads the whole body as text, in the charset of Content-Type or UTF-8, without a byte order
    /// mark; malformed sequences become U+FFFD.
    /// </summary>
    /// <exception cref="ClientException">
    /// As <see cref="ReadAsync"/>, or the charset is unknown.
    /// </exception>
    public async Coroutine<string> TextAsync()
    {
        ReadOnlyMemory<byte> content = await ReadAsync();
        Encoding encoding = RequestText.TryGetEncoding(ContentType, out Exception? error)
            ?? throw new ClientException(
                "The charset of the body is not supported: decode the bytes of ReadAsync.", error);
        return RequestText.Decode(content.Span, encoding);
    }

    /// <summary>Reads the whole body as JSON in UTF-8, whatever its Content-Type.</summary>
    /// <exception cref="ClientException">
    /// As <see cref="ReadAsync"/>, or it is not the expected JSON.
    /// </exception>
    public async Coroutine<T?> JsonAsync<T>(JsonTypeInfo<T> metadata)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        ReadOnlyMemory<byte> content = await ReadAsync();
        ReadOnlyMemory<byte> json = content.Span.StartsWith(Encoding.UTF8.Preamble)
            ? content[Encoding.UTF8.Preamble.Length..]
            : content;
        try
        {
            return JsonSerializer.Deserialize(json.Span, metadata);
        }
        catch (JsonException error)
        {
            throw new ClientException(
                $"The body of the response with status {Status} is not the expected JSON.", error);
        }
    }

    /// <summary>Throws if the status is 400 or more (aiohttp: <c>raise_for_status</c>).</summary>
    /// <exception cref="ClientResponseException">It is.</exception>
    public void EnsureSuccess()
    {
        if (Status >= 400)
        {
            throw new ClientResponseException(
                Status,
                $"{Target.Authority} has answered with {$"{Status} {Reason}".TrimEnd()}.");
        }
    }

    /// <summary>
    /// Ends the response: gives back its memory, and closes the connection if the body was not read
    /// to its end. If it was, a content that is still being sent continues. Idempotent.
    /// </summary>
    public void Dispose()
    {
        if (!IsDisposed)
        {
            IsDisposed = true;
            _exchange.Dispose();
        }
    }

    /// <summary>True once disposed of.</summary>
    internal bool IsDisposed { get; private set; }

    /// <summary>True once the body was read to its end, or is lost.</summary>
    internal bool HasEnded => _exchange.HasEnded;

    /// <summary>
    /// Reads and discards a short body, so that the connection can be used again; a long one is not
    /// worth it.
    /// </summary>
    internal async Coroutine DrainAsync(int bytesMax)
    {
        if (_exchange.KeepsAlive && !(ContentLength > bytesMax))
        {
            _exchange.Body.Input.StopDecoding();
            await _exchange.Body.DrainAsync(bytesMax);
        }
    }
}

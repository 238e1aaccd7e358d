using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// A response that is whole in memory (aiohttp: <c>web.Response</c>); <see cref="StreamResponse"/>
/// makes its body while it is sent.
/// </summary>
/// <remarks>Loop thread only. A response is sent once.</remarks>
public class Response
{
    // The last valid content type, nearly always the same constant. Any thread.
    private static string? s_checkedType;

    // Text, an array, or boxed memory: every request pays for each field.
    private readonly object? _content;
    private readonly int _start;
    private readonly int _length;
    private ResponseHeaders? _headers;

    /// <summary>A response without a body.</summary>
    /// <param name="status">The status code, 200 to 599.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is no final status code.</exception>
    public Response(int status = 200)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        Status = status;
    }

    private Response(string text, string contentType, int status) : this(status)
    {
        ArgumentNullException.ThrowIfNull(text);
        _content = text;
        _length = Encoding.UTF8.GetByteCount(text);
        ContentType = contentType;
    }

    private Response(ReadOnlyMemory<byte> bytes, string contentType, int status) : this(status)
    {
        _length = bytes.Length;
        ContentType = contentType;
        if (MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment))
        {
            _content = segment.Array;
            _start = segment.Offset;
        }
        else
        {
            _content = bytes;
        }
    }

    /// <summary>The status code.</summary>
    public int Status { get; }

    /// <summary>
    /// The reason phrase; null for the registered one. Clients ignore it (RFC 9112 4).
    /// </summary>
    /// <exception cref="ArgumentException">The phrase is invalid.</exception>
    public string? Reason
    {
        get => _headers?.Reason;
        set
        {
            FieldRules.RequireReason(value);
            Headers.Reason = value;
        }
    }

    /// <summary>The value of Content-Type; null sends none.</summary>
    /// <exception cref="ArgumentException">The value is invalid.</exception>
    public string? ContentType
    {
        get;
        set
        {
            if (!ReferenceEquals(value, s_checkedType))
            {
                FieldRules.RequireValue(value);
                s_checkedType = value;
            }

            field = value;
        }
    }

    /// <summary>The other fields of the response.</summary>
    public ResponseHeaders Headers => _headers ??= new ResponseHeaders();

    /// <summary>The length of the body in bytes; -1 if unknown.</summary>
    internal virtual long BodyBytes => _length;

    internal ResponseHeaders? HeadersOrNull => _headers;

    /// <summary>Plain text, in UTF-8.</summary>
    public static Response Text(string text, int status = 200) =>
        new(text, "text/plain; charset=utf-8", status);

    /// <summary>HTML, in UTF-8. Encode client input: <see cref="System.Net.WebUtility"/>.</summary>
    public static Response Html(string html, int status = 200) =>
        new(html, "text/html; charset=utf-8", status);

    /// <summary>Bytes, which must not change until the response is sent.</summary>
    public static Response Bytes(
        ReadOnlyMemory<byte> bytes, string contentType = "application/octet-stream",
        int status = 200) => new(bytes, contentType, status);

    /// <summary>
    /// The whole of an array, which must not change until the response is sent.
    /// </summary>
    public static Response Bytes(
        byte[] bytes, string contentType = "application/octet-stream", int status = 200)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return new(bytes, contentType, status);
    }

    /// <summary>A value as JSON, by metadata that the source generator made.</summary>
    public static Response Json<T>(T value, JsonTypeInfo<T> metadata, int status = 200) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, metadata), "application/json", status);

    /// <summary>Redirects the client.</summary>
    /// <param name="location">
    /// A path, or a URI of http or https, which is encoded. Slashes and backslashes at the start of
    /// a path become one slash, so that it cannot name another host.
    /// </param>
    /// <param name="status">301, 302, 303, 307 or 308.</param>
    /// <exception cref="ArgumentException">The location is invalid.</exception>
    /// <exception cref="ArgumentOutOfRangeException">It is no status of a redirect.</exception>
    public static Response Redirect(string location, int status = 302)
    {
        var response = new Response(LocationEncoder.RequireRedirect(status));
        response.Headers.Add("Location", LocationEncoder.Encode(location));
        return response;
    }

    /// <summary>
    /// Sets a cookie; replaces one of the same name, domain and path (RFC 6265 4.1.1).
    /// </summary>
    /// <param name="name">A token.</param>
    /// <param name="value">
    /// Cookie octets; encode other text, for example by
    /// <see cref="Uri.EscapeDataString(string)"/>.
    /// </param>
    /// <param name="options">Its attributes; null for the defaults.</param>
    /// <exception cref="ArgumentException">
    /// A part is invalid, or the attributes contradict each other.
    /// </exception>
    public void SetCookie(string name, string value, CookieOptions? options = null) =>
        Headers.SetCookie(CookieWriter.Format(name, value, options ?? new()));

    /// <summary>
    /// Tells the client to delete a cookie of the same name, domain and path.
    /// </summary>
    /// <param name="name">A token.</param>
    /// <param name="options">
    /// The attributes with which it was set; null for the defaults. Its age is ignored.
    /// </param>
    /// <inheritdoc cref="SetCookie" path="/exception"/>
    public void DeleteCookie(string name, CookieOptions? options = null) => SetCookie(
        name, "",
        (options ?? new()) with { MaxAge = TimeSpan.Zero, Expires = DateTimeOffset.UnixEpoch });

    /// <summary>Sends the response; overridden by one that is not whole in memory.</summary>
    internal virtual async Coroutine SendAsync(ResponseWriter writer) => writer.Write(this);

    /// <summary>The body of a response that is whole in memory; of text a copy.</summary>
    internal ReadOnlyMemory<byte> ToBytes() => _content switch
    {
        string text => Encoding.UTF8.GetBytes(text),
        byte[] array => array.AsMemory(_start, _length),
        ReadOnlyMemory<byte> memory => memory,
        _ => default,
    };

    internal void WriteBody(ref ResponseHeadWriter head)
    {
        if (_content is string text)
        {
            head.EndWith(text, _length);
        }
        else
        {
            head.EndWith(Content);
        }
    }

    private ReadOnlySpan<byte> Content => _content switch
    {
        byte[] array => array.AsSpan(_start, _length),
        ReadOnlyMemory<byte> memory => memory.Span,
        _ => default,
    };
}

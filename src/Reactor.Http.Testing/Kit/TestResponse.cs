using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Reactor.Http.Testing;

/// <summary>
/// A response that was read to its end, with its whole content in memory. Immutable; any thread.
/// </summary>
public sealed class TestResponse
{
    private readonly ClientResponse _response;

    internal TestResponse(ClientResponse response, ReadOnlyMemory<byte> body)
    {
        _response = response;
        Body = body;
        Status = response.Status;
    }

    /// <summary>The status code.</summary>
    public int Status { get; }

    /// <summary>The fields of the head.</summary>
    public ClientResponseHeaders Headers => _response.Headers;

    /// <summary>The URL of the last request.</summary>
    public Uri Url => _response.Url;

    /// <summary>The URLs that were redirected, in order.</summary>
    public IReadOnlyList<Uri> Redirects => _response.Redirects;

    /// <summary>The content.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The value of Content-Type, or null.</summary>
    public string? ContentType => _response.ContentType;

    /// <summary>
    /// The content as text, in the charset of Content-Type or UTF-8; malformed sequences become
    /// U+FFFD.
    /// </summary>
    /// <exception cref="InvalidOperationException">The charset is unknown.</exception>
    public string Text
    {
        get
        {
            Encoding encoding = RequestText.TryGetEncoding(ContentType, out Exception? error)
                ?? throw new InvalidOperationException(
                    $"The charset of '{ContentType}' is unknown: decode the bytes of Body.",
                    error);
            return RequestText.Decode(Body.Span, encoding);
        }
    }

    /// <summary>The content as JSON.</summary>
    /// <exception cref="JsonException">It is not JSON of that type.</exception>
    public T? Json<T>(JsonTypeInfo<T> metadata) => JsonSerializer.Deserialize(Body.Span, metadata);

    /// <summary>The content as JSON of any structure.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public JsonElement Json()
    {
        using JsonDocument document = JsonDocument.Parse(Body);
        return document.RootElement.Clone();
    }

    /// <summary>Status, reason and fields, then the content; for messages of tests.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Status} {_response.Reason}").AppendLine();
        foreach ((string name, string value) in Headers)
        {
            text.Append(name).Append(": ").AppendLine(value);
        }

        return text.AppendLine().Append(Encoding.UTF8.GetString(Body.Span)).ToString();
    }
}

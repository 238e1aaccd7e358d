using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Reactor.Http;

/// <summary>
/// A content that is whole in memory, of bytes, text, JSON or a form, and can be sent again.
/// </summary>
/// <remarks>Immutable; written on the loop thread.</remarks>
internal sealed class BufferedContent(ReadOnlyMemory<byte> content, string contentType)
    : TypedContent(contentType, content.Length)
{
    // The application/x-www-form-urlencoded percent-encode set (WHATWG URL 1.3) has all others.
    private static readonly SearchValues<byte> s_plain = SearchValues.Create(
        "*-._0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    public override bool CanResend => true;

    public static BufferedContent OfText(string text, string contentType)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new BufferedContent(Encoding.UTF8.GetBytes(text), contentType);
    }

    public static BufferedContent OfJson<T>(T value, JsonTypeInfo<T> metadata) =>
        new(JsonSerializer.SerializeToUtf8Bytes(value, metadata), "application/json");

    public static BufferedContent OfForm(IEnumerable<KeyValuePair<string, string>> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var form = new ArrayBufferWriter<byte>();
        foreach ((string name, string value) in fields)
        {
            if (form.WrittenCount > 0)
            {
                form.Write("&"u8);
            }

            Encode(form, name);
            form.Write("="u8);
            Encode(form, value);
        }

        return new BufferedContent(form.WrittenMemory, "application/x-www-form-urlencoded");
    }

    protected internal override Coroutine WriteAsync(ClientBodyWriter body) =>
        body.WriteAsync(content);

    private static void Encode(ArrayBufferWriter<byte> form, string text)
    {
        foreach (byte octet in Encoding.UTF8.GetBytes(text))
        {
            if (s_plain.Contains(octet) || octet == (byte)' ')
            {
                form.Write([octet == (byte)' ' ? (byte)'+' : octet]);
                continue;
            }

            Span<byte> escape = form.GetSpan(3)[..3];
            escape[0] = (byte)'%';
            octet.TryFormat(escape[1..], out _, "X2");
            form.Advance(3);
        }
    }
}

// Every name and value is checked (RFC 9112 11.1). A bad one throws: the output may then hold a
// partial head, so the connection must end. Framing is the caller's decision.
using System.Buffers;
using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace Reactor.Http.Protocol;

/// <summary>A writer of one head into a buffer writer. Allocates nothing.</summary>
public ref struct ResponseHeadWriter
{
    private const int PieceBytes = 256;
    private const int DigitsMax = 19;

    private readonly IBufferWriter<byte> _output;
    private Span<byte> _span;
    private int _used;

    /// <summary>Begins a head.</summary>
    /// <param name="output">Nothing else may write to it until <see cref="End"/>.</param>
    public ResponseHeadWriter(IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        _span = output.GetSpan(PieceBytes);
        _used = 0;
    }

    /// <summary>Writes the status line with the registered phrase (RFC 9112 4).</summary>
    /// <param name="status">100 to 999.</param>
    public void StatusLine(int status) => Raw(ReasonPhrases.StatusLine(status));

    /// <summary>Writes the status line with another phrase.</summary>
    /// <param name="status">100 to 999.</param>
    /// <param name="reason">The phrase; may be empty.</param>
    /// <exception cref="ArgumentException">The status or the phrase is invalid.</exception>
    public void StatusLine(int status, ReadOnlySpan<char> reason)
    {
        FieldRules.RequireReason(reason);
        Raw(ReasonPhrases.StatusLine(status)[.."HTTP/1.1 200 ".Length]);
        Latin1(reason);
        Raw("\r\n"u8);
    }

    /// <summary>Writes a request line (RFC 9112 3).</summary>
    /// <param name="method">A token.</param>
    /// <param name="target">A target without whitespace or control characters.</param>
    /// <exception cref="ArgumentException">The method or the target is invalid.</exception>
    public void RequestLine(ReadOnlySpan<byte> method, ReadOnlySpan<byte> target)
    {
        if (!Grammar.IsToken(method) || target.IsEmpty || !Grammar.IsTarget(target))
        {
            throw new ArgumentException("A request line is a token, one space and a URI.");
        }

        Raw(method);
        Raw(" "u8);
        Raw(target);
        Raw(" HTTP/1.1\r\n"u8);
    }

    /// <summary>Writes a field.</summary>
    /// <param name="name">A token.</param>
    /// <param name="value">No control characters but HTAB.</param>
    /// <exception cref="ArgumentException">The name or the value is invalid.</exception>
    public void Field(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!FieldRules.IsName(name))
        {
            throw new ArgumentException("A field name must be a token.", nameof(name));
        }

        Raw(name);
        Value(value);
    }

    /// <summary>Writes a field with a known name.</summary>
    /// <exception cref="ArgumentException">
    /// The name is <see cref="KnownHeader.Other"/>, or the value is invalid.
    /// </exception>
    public void Field(KnownHeader header, ReadOnlySpan<byte> value)
    {
        if (header == KnownHeader.Other)
        {
            throw new ArgumentException("Only a known name has bytes.", nameof(header));
        }

        Raw(KnownHeaders.Bytes(header));
        Value(value);
    }

    /// <summary>Writes a field in Latin-1.</summary>
    /// <exception cref="ArgumentException">The name or the value is invalid.</exception>
    public void Field(ReadOnlySpan<char> name, ReadOnlySpan<char> value)
    {
        FieldRules.RequireName(name);
        FieldRules.RequireValue(value);
        Latin1(name);
        Raw(": "u8);
        Latin1(value);
        Raw("\r\n"u8);
    }

    /// <summary>Writes Content-Length.</summary>
    /// <param name="length">Bytes of content; not negative.</param>
    public void ContentLength(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ReadOnlySpan<byte> name = "Content-Length: "u8;
        Room(name.Length + DigitsMax + 2);
        Span<byte> line = _span[_used..];
        name.CopyTo(line);
        Utf8Formatter.TryFormat(length, line[name.Length..], out int digits);
        "\r\n"u8.CopyTo(line[(name.Length + digits)..]);
        _used += name.Length + digits + 2;
    }

    /// <summary>Writes Date.</summary>
    /// <param name="date">An IMF-fixdate (RFC 9110 5.6.7).</param>
    public void Date(ReadOnlySpan<byte> date) => Field(KnownHeader.Date, date);

    /// <summary>Writes <c>Transfer-Encoding: chunked</c>.</summary>
    public void Chunked() => Raw("Transfer-Encoding: chunked\r\n"u8);

    /// <summary>Writes <c>Connection: close</c>.</summary>
    public void ConnectionClose() => Raw("Connection: close\r\n"u8);

    /// <summary>Writes <c>Connection: keep-alive</c>, for HTTP/1.0 clients.</summary>
    public void ConnectionKeepAlive() => Raw("Connection: keep-alive\r\n"u8);

    /// <summary>Writes the empty line and advances the output.</summary>
    public void End() => EndWith([]);

    // A body in the memory of its head saves two calls of the output.
    internal void EndWith(ReadOnlySpan<byte> body)
    {
        Raw("\r\n"u8);
        while (body.Length > _span.Length - _used)
        {
            int bytes = _span.Length - _used;
            Raw(body[..bytes]);
            body = body[bytes..];
            NextPiece(1);
        }

        Raw(body);
        Advance();
    }

    internal void EndWith(string body, int bytes)
    {
        Raw("\r\n"u8);
        Room(bytes);
        _used += Encoding.UTF8.GetBytes(body, _span[_used..]);
        Advance();
    }

    private void Advance()
    {
        _output.Advance(_used);
        _span = default;
        _used = 0;
    }

    private void Value(ReadOnlySpan<byte> value)
    {
        if (!FieldRules.IsValue(value))
        {
            throw new ArgumentException(
                "A field value must have no control characters but HTAB.", nameof(value));
        }

        Raw(": "u8);
        Raw(value);
        Raw("\r\n"u8);
    }

    private void Latin1(ReadOnlySpan<char> text)
    {
        Room(text.Length);
        _used += Encoding.Latin1.GetBytes(text, _span[_used..]);
    }

    // Writes checked and encoded bytes. The copy of a constant is inlined.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Raw(ReadOnlySpan<byte> bytes)
    {
        Room(bytes.Length);
        bytes.CopyTo(_span[_used..]);
        _used += bytes.Length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Room(int bytes)
    {
        if (_span.Length - _used < bytes)
        {
            NextPiece(bytes);
        }
    }

    private void NextPiece(int bytes)
    {
        _output.Advance(_used);
        _span = _output.GetSpan(Math.Max(bytes, PieceBytes));
        _used = 0;
    }
}

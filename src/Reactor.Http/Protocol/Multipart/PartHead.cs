namespace Reactor.Http.Protocol;

/// <summary>
/// The header fields of a part of a form (RFC 7578 4.8); see <see cref="MessageHead"/>. Valid until
/// the next part.
/// </summary>
public sealed class PartHead : MessageHead
{
    private readonly int _bytesMax;
    private FieldScanner _fields;

    internal PartHead(ParserLimits limits)
    {
        _bytesMax = limits.SectionBytesMax;
        _fields = new FieldScanner(limits, trailers: false);
    }

    internal Rejection Rejection => _fields.Rejection;

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _fields.Begin(0);
    }

    // Scans a copy, because a piece may end anywhere.
    internal ParseStatus Read(ReadOnlySpan<byte> span, out int used)
    {
        int before = Length;
        Append(span[..Math.Min(span.Length, _bytesMax + 1 - before)]);
        ParseStatus status = _fields.Scan(Bytes, this);
        used = status == ParseStatus.Done ? _fields.Position - before : Length - before;
        if (status == ParseStatus.Done)
        {
            Truncate(_fields.Position);
        }

        return status;
    }
}

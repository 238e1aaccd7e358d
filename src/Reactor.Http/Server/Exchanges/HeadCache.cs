using System.Buffers;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// Writes the beginnings of heads: status line, default fields, Date and Content-Type. Those of
/// responses without own fields are kept encoded: one copy replaces a dozen small ones and the
/// checks of their values.
/// </summary>
/// <remarks>
/// Loop thread only. An entry is valid until the date changes. Its key is the status and the
/// reference of the content type, since a constant is always the same string.
/// </remarks>
internal sealed class HeadCache(DefaultFields defaults)
{
    /// <summary>A server has a few kinds of responses.</summary>
    private const int EntriesMax = 8;

    private readonly DateCache _dates = new();
    private readonly ArrayBufferWriter<byte> _writer = new(256);
    private readonly Entry[] _entries = new Entry[EntriesMax];
    private int _next;

    public DefaultFields Defaults => defaults;

    public void Write(
        ref ResponseHeadWriter head, int status, string? contentType, ResponseHeaders? own,
        EventLoop loop)
    {
        ReadOnlySpan<byte> date = _dates.Now(loop);
        if (own is not null)
        {
            WriteParts(ref head, status, contentType, own, date);
            return;
        }

        foreach (ref readonly Entry entry in _entries.AsSpan())
        {
            if (entry.Status == status
                && ReferenceEquals(entry.ContentType, contentType)
                && entry.Version == _dates.Version)
            {
                head.Raw(entry.Bytes);
                return;
            }
        }

        head.Raw(Keep(status, contentType, date));
    }

    private byte[] Keep(int status, string? contentType, ReadOnlySpan<byte> date)
    {
        _writer.ResetWrittenCount();
        var head = new ResponseHeadWriter(_writer);
        WriteParts(ref head, status, contentType, own: null, date);
        head.End();
        byte[] bytes = _writer.WrittenSpan[..^2].ToArray(); // without the empty line
        _entries[_next] = new Entry(status, contentType, _dates.Version, bytes);
        _next = (_next + 1) % EntriesMax;
        return bytes;
    }

    private void WriteParts(
        ref ResponseHeadWriter head, int status, string? contentType, ResponseHeaders? own,
        ReadOnlySpan<byte> date)
    {
        if (own?.Reason is { } reason)
        {
            head.StatusLine(status, reason);
        }
        else
        {
            head.StatusLine(status);
        }

        defaults.Write(ref head, own);
        head.Date(date);
        if (contentType is not null)
        {
            head.Field("Content-Type", contentType);
        }
    }

    private readonly record struct Entry(
        int Status, string? ContentType, int Version, byte[] Bytes);
}

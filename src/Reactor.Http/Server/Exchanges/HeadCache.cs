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

    public void Write(ref ResponseHeadWriter head, Response response, EventLoop loop)
    {
        ReadOnlySpan<byte> date = _dates.Now(loop);
        if (response.HeadersOrNull is not null)
        {
            WriteParts(ref head, response, date);
            return;
        }

        foreach (ref readonly Entry entry in _entries.AsSpan())
        {
            if (entry.Status == response.Status
                && ReferenceEquals(entry.ContentType, response.ContentType)
                && entry.Version == _dates.Version)
            {
                head.Raw(entry.Bytes);
                return;
            }
        }

        head.Raw(Keep(response, date));
    }

    private byte[] Keep(Response response, ReadOnlySpan<byte> date)
    {
        _writer.ResetWrittenCount();
        var head = new ResponseHeadWriter(_writer);
        WriteParts(ref head, response, date);
        head.End();
        byte[] bytes = _writer.WrittenSpan[..^2].ToArray(); // without the empty line
        _entries[_next] = new Entry(response.Status, response.ContentType, _dates.Version, bytes);
        _next = (_next + 1) % EntriesMax;
        return bytes;
    }

    private void WriteParts(ref ResponseHeadWriter head, Response response, ReadOnlySpan<byte> date)
    {
        if (response.Reason is { } reason)
        {
            head.StatusLine(response.Status, reason);
        }
        else
        {
            head.StatusLine(response.Status);
        }

        defaults.Write(ref head, response.HeadersOrNull);
        head.Date(date);
        if (response.ContentType is { } contentType)
        {
            head.Field("Content-Type", contentType);
        }
    }

    private readonly record struct Entry(
        int Status, string? ContentType, int Version, byte[] Bytes);
}

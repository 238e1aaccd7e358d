using System.Buffers;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The encoded beginnings of common heads: status line, default fields, Date, Content-Type, and the
/// name of Content-Length. One copy replaces a dozen small ones and the checks of their values.
/// </summary>
/// <remarks>
/// Loop thread only. A beginning is good until the date changes; it is found by the status and by
/// which string the content type is, not by its characters: a type that is a constant is always
/// the same string.
/// </remarks>
internal sealed class HeadCache(DateCache dates, DefaultFields defaults)
{
    /// <summary>
    /// Beginnings that are kept: a server has a few kinds of answers, and what is made for each
    /// request is not found again in a longer list either.
    /// </summary>
    private const int EntriesMax = 8;

    private readonly ArrayBufferWriter<byte> _writer = new(256);
    private readonly Entry[] _entries = new Entry[EntriesMax];
    private int _next;

    /// <summary>The beginning of an answer with a body of known length.</summary>
    public ReadOnlySpan<byte> Get(int status, string? contentType, EventLoop loop)
    {
        ReadOnlySpan<byte> date = dates.Now(loop);
        foreach (ref readonly Entry entry in _entries.AsSpan())
        {
            if (entry.Status == status
                && ReferenceEquals(entry.ContentType, contentType)
                && entry.Version == dates.Version)
            {
                return entry.Bytes;
            }
        }

        return Make(status, contentType, date);
    }

    private byte[] Make(int status, string? contentType, ReadOnlySpan<byte> date)
    {
        _writer.ResetWrittenCount();
        var head = new ResponseHeadWriter(_writer);
        head.StatusLine(status);
        defaults.Write(ref head);
        head.Date(date);
        if (contentType is not null)
        {
            head.Field("Content-Type", contentType);
        }

        head.End();
        byte[] bytes = [.. _writer.WrittenSpan[..^2], .. "Content-Length: "u8];
        _entries[_next] = new Entry(status, contentType, dates.Version, bytes);
        _next = (_next + 1) % EntriesMax;
        return bytes;
    }

    private readonly record struct Entry(
        int Status, string? ContentType, int Version, byte[] Bytes);
}

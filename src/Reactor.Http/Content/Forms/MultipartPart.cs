using System.Buffers;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// A part of a multipart form (aiohttp: <c>BodyPartReader</c>). Its content can be read once, until
/// the next part is asked for.
/// </summary>
/// <remarks>Loop thread only. Reads throw as those of <see cref="Request.Body"/> do.</remarks>
public sealed class MultipartPart
{
    private readonly MultipartReader _reader;
    private readonly PartFields _fields;
    private ReadOnlyMemory<byte>? _content;
    private ArrayBufferWriter<byte>? _partial; // a cancelled read goes on from here
    private bool _isCut;

    internal MultipartPart(MultipartReader reader, PartFields fields)
    {
        _reader = reader;
        _fields = fields;
    }

    /// <summary>The name of the field of the form; not unique.</summary>
    public string Name => _fields.Name;

    /// <summary>
    /// The name of the file as the client sent it, or null if the part is no file. It may be empty,
    /// a path, or anything else: it is data, never a path to write to.
    /// </summary>
    public string? FileName => _fields.FileName;

    /// <summary>
    /// What follows the last slash or backslash of the file name, if that can be a file in any
    /// folder: not hidden, no device or reserved character of Windows, at most 255 bytes in UTF-8.
    /// Else null. It may equal the name of an existing file.
    /// </summary>
    public string? SafeFileName => SafeName.Of(FileName);

    /// <summary>
    /// The value of the part's Content-Type, as the client claims, or null, which means text.
    /// </summary>
    public string? ContentType => _fields.ContentType;

    /// <summary>The header fields, as bytes; valid until the next part.</summary>
    /// <exception cref="InvalidOperationException">The part is over.</exception>
    public PartHead Headers => _reader.HeadOf(this);

    /// <summary>
    /// The content in chunks as they arrive, for <c>await foreach</c>. A chunk is valid until the
    /// next step.
    /// </summary>
    public PartBody Body => field ??= new PartBody(this);

    /// <summary>
    /// Reads the content into memory; later calls return the same, and go on after a cancellation.
    /// </summary>
    /// <param name="bytesMax">
    /// The most bytes; null is <see cref="FormOptions.PartBytesMax"/>. A chunk beyond it is not
    /// copied.
    /// </param>
    /// <exception cref="RequestBodyException">
    /// It is longer (413), or the form is malformed (400).
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The part is over, or an earlier read was too large or stored it in a file.
    /// </exception>
    public async Coroutine<ReadOnlyMemory<byte>> ReadAsync(int? bytesMax = null)
    {
        if (_content is { } read)
        {
            return read;
        }

        int limit = bytesMax ?? _reader.Options.PartBytesMax;
        ArgumentOutOfRangeException.ThrowIfNegative(limit, nameof(bytesMax));
        ThrowIfCut();
        ArrayBufferWriter<byte> content = _partial ??= new ArrayBufferWriter<byte>();
        while (await NextChunkAsync() is { IsEmpty: false } chunk)
        {
            if (chunk.Length > limit - content.WrittenCount)
            {
                _isCut = true; // the chunk is gone: what follows must not look like all of it
                throw FormFault.TooLarge("A part of the form is too large to be read into memory.");
            }

            content.Write(chunk.Span);
        }

        _content = content.WrittenMemory;
        return content.WrittenMemory;
    }

    /// <summary>Reads the content as UTF-8, the only charset of forms.</summary>
    /// <inheritdoc cref="ReadAsync"/>
    /// <exception cref="RequestBodyException">
    /// It is longer (413), in another charset (415), no UTF-8 or with a NUL (400).
    /// </exception>
    public async Coroutine<string> TextAsync(int? bytesMax = null)
    {
        ReadOnlyMemory<byte> content = await ReadAsync(bytesMax);
        return FormContent.Text(content.Span, ContentType);
    }

    /// <summary>
    /// Writes the content to a temporary file of mode 0600, on an executor, while more arrives. It
    /// is deleted when the request ends, or if this fails or is cancelled.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// The part is over, or was read into memory or stored, wholly or in part.
    /// </exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public async Coroutine<FormFile> SpoolAsync()
    {
        string folder = _reader.Options.Directory ?? Path.GetTempPath();
        SpoolFile file = await StoreAsync(folder);
        return new FormFile(this, file, _reader.Files);
    }

    /// <summary>
    /// Writes the content to a file of mode 0600, which has its name only when it is complete.
    /// </summary>
    /// <param name="path">
    /// The path of the file. It must not be made of <see cref="FileName"/>.
    /// </param>
    /// <param name="overwrite">Whether it may replace a file; else that is an error.</param>
    /// <returns>The bytes of the file.</returns>
    /// <exception cref="InvalidOperationException">
    /// The part is over, or was read into memory or stored, wholly or in part.
    /// </exception>
    /// <exception cref="IOException">There is such a file, or it cannot be written.</exception>
    public async Coroutine<long> SaveToAsync(string path, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string target = Path.GetFullPath(path);
        SpoolFile file = await StoreAsync(Path.GetDirectoryName(target) ?? target);
        using var temporary = new FormFile(this, file, _reader.Files);
        await temporary.MoveToAsync(target, overwrite);
        return file.Length;
    }

    /// <summary>The next chunk; empty at the end.</summary>
    internal Coroutine<ReadOnlyMemory<byte>> NextChunkAsync() => _reader.NextChunkAsync(this);

    /// <summary>Throws if memory or a file has content that would be missing here.</summary>
    internal void ThrowIfRead()
    {
        ThrowIfCut();
        if (_partial is not null)
        {
            throw new InvalidOperationException(
                "The content is read into memory: take it from ReadAsync, or call SpoolAsync, "
                + "SaveToAsync or Body instead of ReadAsync and TextAsync.");
        }
    }

    private Coroutine<SpoolFile> StoreAsync(string directory)
    {
        ThrowIfRead();
        _isCut = true; // also if it fails: the file then is deleted with what it has
        return _reader.SpoolAsync(this, directory);
    }

    private void ThrowIfCut()
    {
        if (_isCut)
        {
            throw new InvalidOperationException(
                "Content of the part is gone: an earlier call stored it, failed or found it too "
                + "large for memory. Call SpoolAsync or SaveToAsync first and once.");
        }
    }
}

namespace Reactor.Http;

/// <summary>
/// A file of a form, in a temporary file (aiohttp: <c>FileField</c>). It is deleted when the
/// request ends, unless it was moved.
/// </summary>
/// <remarks>Loop thread only; all work on the file runs on an executor.</remarks>
public sealed class FormFile : IDisposable
{
    private readonly SpoolFile _file;
    private readonly RequestFiles _files;

    internal FormFile(MultipartPart part, SpoolFile file, RequestFiles files)
    {
        (Name, FileName, ContentType) = (part.Name, part.FileName, part.ContentType);
        _file = file;
        _files = files;
    }

    /// <summary>The name of the field of the form.</summary>
    public string Name { get; }

    /// <summary>The name as the client sent it, or null. It is data, never a path.</summary>
    public string? FileName { get; }

    /// <inheritdoc cref="MultipartPart.SafeFileName"/>
    public string? SafeFileName => SafeName.Of(FileName);

    /// <summary>The type that the client claims, or null; nothing checks it.</summary>
    public string? ContentType { get; }

    /// <summary>Bytes of the content.</summary>
    public long Length => _file.Length;

    /// <summary>
    /// The path of the temporary file, which only the user of the process may read and write. It is
    /// valid until the request ends.
    /// </summary>
    public string Path => _file.Path!;

    /// <summary>Opens the file for reading; the caller disposes of the stream.</summary>
    /// <exception cref="InvalidOperationException">
    /// It was moved or disposed of, or the request has ended.
    /// </exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public Coroutine<FileStream> OpenReadAsync() => _file.OpenAsync();

    /// <summary>
    /// Moves the file to its final place, with mode 0600; it then is no temporary file. To another
    /// file system it is copied.
    /// </summary>
    /// <param name="path">The new path. It must not be made of <see cref="FileName"/>.</param>
    /// <param name="overwrite">Whether it may replace a file; else that is an error.</param>
    /// <exception cref="InvalidOperationException">
    /// It was moved or disposed of, or the request has ended.
    /// </exception>
    /// <exception cref="IOException">There is such a file, or it cannot be written.</exception>
    public async Coroutine MoveToAsync(string path, bool overwrite = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        await _file.MoveAsync(path, overwrite);
        _files.Forget(_file);
    }

    /// <summary>
    /// Deletes the file, without waiting; idempotent. After a move it does nothing.
    /// </summary>
    public void Dispose() => _files.Delete(_file);
}

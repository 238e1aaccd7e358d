using Reactor.Http;
using Reactor.Recording;
using Reactor.Sync;

namespace Reactor.Inspector;

/// <summary>
/// What the page offers for a recording besides its states: the file, a trace for Perfetto, and
/// pictures. A file may have hundreds of megabytes: an executor writes it into a temporary file,
/// one at a time, and the rest of the inspector goes on. The inspector's loop only.
/// </summary>
internal sealed class RecordingDownloads
{
    // A picture has its colours in a style element; it may load nothing and run nothing.
    private const string PicturePolicy =
        "default-src 'none'; style-src 'unsafe-inline'; sandbox";

    private const int PieceBytes = 64 * 1024;

    private readonly AsyncLock _one = new();

    public Coroutine<Response> Trace(Request request, RecordedRun run) => Send(
        request, stream => ChromeTrace.Write(run.Trace, stream), "application/json", "trace.json");

    /// <summary>The recording as a file, for <c>reactor inspect FILE</c>.</summary>
    public Coroutine<Response> File(Request request, RecordedRun run) => Send(
        request, stream => RecordingFile.Save(stream, run.Trace), "application/octet-stream",
        "run.rec");

    /// <summary>The picture of a kind at a position; null if there is no such kind.</summary>
    /// <param name="run">The recording.</param>
    /// <param name="kind">The name of the kind.</param>
    /// <param name="position">The position; null: the whole run, or what shows most.</param>
    /// <param name="connection">The number of a connection to show alone, or null.</param>
    public static Response? Picture(
        RecordedRun run, string? kind, long? position, long? connection)
    {
        if (!Enum.TryParse(kind, ignoreCase: true, out PictureKind its)
            || !char.IsAsciiLetter(kind[0])) // a number is not a name
        {
            return null;
        }

        // Position n is the moment after event n - 1; before the first one there is no picture.
        int? at = position is { } wanted
            ? (int)Math.Max(Math.Clamp(wanted, 0, run.Count) - 1, 0) : null;
        using var bytes = new MemoryStream();
        var options = new PictureOptions
        {
            Event = at,
            Connection = its == PictureKind.Connection ? connection : null,
        };
        TracePicture.Write(run.Trace, its, options, bytes);
        Response response = Response.Bytes(bytes.ToArray(), "image/svg+xml");
        response.Headers.Set("Content-Security-Policy", PicturePolicy);
        return response;
    }

    private async Coroutine<Response> Send(
        Request request, Action<Stream> write, string contentType, string name)
    {
        FileStream made;
        using (await _one.AcquireAsync())
        {
            made = await EventLoop.ToThread(() => Make(write));
        }

        using FileStream file = made;
        var response = new StreamResponse(contentLength: file.Length)
        {
            ContentType = contentType,
        };
        response.Headers.Set("Content-Disposition", $"attachment; filename=\"{name}\"");
        response.Prepare(request);
        byte[] piece = new byte[PieceBytes];
        while (!response.IsClientGone
            && await EventLoop.ToThread(() => file.Read(piece)) is > 0 and int count)
        {
            await response.WriteAsync(piece.AsMemory(0, count));
        }

        return response;
    }

    /// <summary>Only this user can read it, and it is deleted when it is closed.</summary>
    private static FileStream Make(Action<Stream> write)
    {
        var file = new FileStream(
            Path.GetTempFileName(), FileMode.Open, FileAccess.ReadWrite, FileShare.None,
            PieceBytes, FileOptions.DeleteOnClose);
        try
        {
            write(file);
            file.Position = 0;
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}

using Reactor.Http;
using Reactor.Recording;

namespace Reactor.Inspector;

/// <summary>
/// What the page offers for a recording besides its states: the file, a trace for Perfetto, and
/// pictures. The inspector's loop only; other pages wait meanwhile.
/// </summary>
internal static class RecordingDownloads
{
    // A picture has its colours in a style element; it may load nothing and run nothing.
    private const string PicturePolicy =
        "default-src 'none'; style-src 'unsafe-inline'; sandbox";

    public static Response Trace(RecordedRun run)
    {
        using var bytes = new MemoryStream();
        ChromeTrace.Write(run.Trace, bytes);
        return Attachment(bytes, "application/json", "trace.json");
    }

    /// <summary>The recording as a file, for <c>reactor inspect FILE</c>.</summary>
    public static Response File(RecordedRun run)
    {
        using var bytes = new MemoryStream();
        RecordingFile.Save(bytes, run.Trace);
        return Attachment(bytes, "application/octet-stream", "run.rec");
    }

    /// <summary>The picture of a kind at a position; null if there is no such kind.</summary>
    public static Response? Picture(RecordedRun run, string? kind, long? position)
    {
        if (!Enum.TryParse(kind, ignoreCase: true, out PictureKind its)
            || !Enum.IsDefined(its))
        {
            return null;
        }

        // Position n is the moment after event n - 1; before the first one there is no picture.
        int? at = position is { } wanted
            ? (int)Math.Max(Math.Clamp(wanted, 0, run.Count) - 1, 0) : null;
        using var bytes = new MemoryStream();
        TracePicture.Write(run.Trace, its, new PictureOptions { Event = at }, bytes);
        Response response = Response.Bytes(bytes.ToArray(), "image/svg+xml");
        response.Headers.Set("Content-Security-Policy", PicturePolicy);
        return response;
    }

    private static Response Attachment(MemoryStream bytes, string contentType, string name)
    {
        Response response = Response.Bytes(bytes.ToArray(), contentType);
        response.Headers.Set("Content-Disposition", $"attachment; filename=\"{name}\"");
        return response;
    }
}

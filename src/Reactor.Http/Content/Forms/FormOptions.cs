using System.Runtime.CompilerServices;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// Bounds of a form, all inclusive, and where its files go; immutable, so any thread may read them.
/// The whole body is bounded by its route (<see cref="RouteOptions.BodyBytesMax"/>).
/// </summary>
public sealed record FormOptions
{
    /// <summary>The default of every option.</summary>
    public static FormOptions Default { get; } = new();

    /// <summary>
    /// Pairs of an urlencoded form; 1024, else 400. Each makes two strings.
    /// </summary>
    public int KeysMax { get; init => field = InRange(value, 0, 65535); } = 1024;

    /// <summary>
    /// Parts of a multipart form; 128, else 400. Each costs a parse of its header fields and may
    /// become a file.
    /// </summary>
    public int PartsMax { get; init => field = InRange(value, 0, 65535); } = 128;

    /// <summary>Header fields of a part; 16, else 400. RFC 7578 knows three.</summary>
    public int PartHeadersMax { get; init => field = InRange(value, 1, 100); } = 16;

    /// <summary>
    /// Bytes of one header field of a part, without CRLF; 4096, else 400. Room for a file name of
    /// 255 characters with every byte escaped.
    /// </summary>
    public int PartHeaderBytesMax { get; init => field = InRange(value, 64, 8192); } = 4096;

    /// <summary>
    /// Bytes before the first boundary and after the line of the last one; 1024 each, else 400.
    /// Only
    /// mail needs them.
    /// </summary>
    public int StrayBytesMax { get; init => field = InRange(value, 0, 65535); } = 1024;

    /// <summary>
    /// Bytes of one part that is read into memory; 1 MiB, else 413. What is larger belongs into a
    /// file.
    /// </summary>
    public int PartBytesMax { get; init => field = InRange(value, 0, 1 << 30); } = 1 << 20;

    /// <summary>
    /// Bytes of all fields that <c>FormAsync</c> reads into memory, files excluded; 1 MiB, else
    /// 413,
    /// also on a route that takes larger files.
    /// </summary>
    public int FieldBytesMax { get; init => field = InRange(value, 0, 1 << 30); } = 1 << 20;

    /// <summary>
    /// Whether <c>FormAsync</c> stores files; true. False refuses a form with a file with 400.
    /// </summary>
    public bool TakesFiles { get; init; } = true;

    /// <summary>
    /// The folder of temporary files; null is that of the system (<c>TMPDIR</c> or <c>/tmp</c>),
    /// which may be in memory. Other users must not be able to rename files in it.
    /// </summary>
    public string? Directory { get; init; }

    /// <summary>
    /// The threads that read and write files; null is the default executor of the loop. A file is
    /// open only while one of them works on it, so they bound the open files.
    /// </summary>
    public IExecutor? Executor { get; init; }

    internal MultipartLimits ToLimits() =>
        new(PartsMax, PartHeadersMax, PartHeaderBytesMax, StrayBytesMax, StrayBytesMax);

    private static int InRange(int value, int least, int most, [CallerMemberName] string name = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least, name);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, most, name);
        return value;
    }
}

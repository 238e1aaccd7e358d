using static Reactor.Http.OptionValue;

namespace Reactor.Http;

/// <summary>The bounds of an HTTP server's buffers, connections and turns.</summary>
public sealed record HttpServerLimits
{
    /// <summary>With fewer blocks, bodies of a common size never fit.</summary>
    internal const long BodyBufferBytesMin = 64 * 1024;

    /// <summary>
    /// Bytes of memory for the bodies of all requests, at least 64 KiB a loop; several loops share
    /// it equally. At the limit reading pauses; a body that needs more is answered with 413.
    /// Default null: a quarter of the memory of the process (cgroup, or hard limit of the heap).
    /// </summary>
    public long? BodyBufferBytesMax { get; init => field = AtLeast(BodyBufferBytesMin, value); }

    /// <summary>
    /// Unread bytes of a body that are discarded to keep the connection. Default 256 KiB, as Go.
    /// </summary>
    public int DrainBytesMax { get; init => field = AtLeast(0, value); } = 256 * 1024;

    /// <summary>
    /// Bytes that are discarded while a connection lingers. Default 64 MiB: most clients send their
    /// whole request before they read the response that refuses it.
    /// </summary>
    public long LingerBytesMax { get; init => field = AtLeast(0, value); } = 64 * 1024 * 1024;

    /// <summary>
    /// Bytes that are read ahead during a request, to find the client's end behind them. Default 64
    /// KiB.
    /// </summary>
    public int ReadAheadBytesMax { get; init => field = AtLeast(0, value); } = 64 * 1024;

    /// <summary>
    /// Bytes of responses to pipelined requests that gather before they are sent. Default 64 KiB,
    /// as Kestrel.
    /// </summary>
    public int FlushBytes { get; init => field = AtLeast(1, value); } = 64 * 1024;

    /// <summary>
    /// Unsent bytes from which <see cref="StreamResponse.WriteAsync"/> waits, at least 1024.
    /// Default 64 KiB: 640 MiB for ten thousand slow clients.
    /// </summary>
    public int StreamHighBytes { get; init => field = AtLeast(1024, value); } = 64 * 1024;

    /// <summary>
    /// Bytes that a streamed response sends in a turn; each write counts as at least 4 KiB. Default
    /// 64 KiB, some 25 microseconds.
    /// </summary>
    public int StreamBytesPerTurn { get; init => field = AtLeast(1, value); } = 64 * 1024;

    /// <summary>
    /// Pipelined requests of one connection that are served in a turn. Default 64, some 100
    /// microseconds of small requests.
    /// </summary>
    public int RequestsPerTurn { get; init => field = AtLeast(1, value); } = 64;

    /// <summary>
    /// Requests of one connection; the last response says close. Default null, no limit.
    /// </summary>
    public int? RequestsPerConnectionMax { get; init => field = AtLeast(1, value); }

    /// <summary>
    /// The limits of each of several loops; the group has refused a budget that is too small.
    /// </summary>
    internal HttpServerLimits ShareOf(int loops) => this with
    {
        BodyBufferBytesMax = BodyBufferBytesMax is { } most
            ? most / loops
            : Math.Max(BodyBufferBytes / loops, BodyBufferBytesMin),
    };

    /// <summary>The memory of all bodies, set or by default.</summary>
    internal long BodyBufferBytes => BodyBufferBytesMax
        ?? Math.Max(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, BodyBufferBytesMin);
}

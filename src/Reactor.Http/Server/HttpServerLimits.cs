namespace Reactor.Http;

/// <summary>The bounds of an HTTP server's buffers, connections and turns.</summary>
public sealed record HttpServerLimits
{
    /// <summary>The least budget: with fewer blocks, bodies of a common size never fit.</summary>
    internal const long BodyBufferBytesMin = 64 * 1024;

    /// <summary>
    /// Bytes of memory for the bodies of all requests together, at least 64 KiB a loop; several
    /// loops share it equally. At the limit reading pauses, which slows the clients; a body that
    /// needs more than all of it is answered with 413. Default null: a quarter of the memory that
    /// the process may use, by its cgroup or a hard limit of the heap. Bytes in the kernel are not
    /// counted.
    /// </summary>
    public long? BodyBufferBytesMax
    {
        get;
        init => field = value is { } bytes ? OptionValue.AtLeast(BodyBufferBytesMin, bytes) : null;
    }

    /// <summary>
    /// Unread bytes of a request's body that are discarded so that the connection can be kept; with
    /// more it is closed. Default 256 KiB, as Go.
    /// </summary>
    public int DrainBytesMax { get; init => field = OptionValue.AtLeast(0, value); } = 256 * 1024;

    /// <summary>
    /// Bytes that are discarded while a connection lingers. Default 64 MiB: most clients send their
    /// whole request before they read the response that refuses it, and discarding is cheap.
    /// <see cref="DrainBytesMax"/> is smaller because it is the price of keeping a connection.
    /// nginx has no such limit.
    /// </summary>
    public long LingerBytesMax { get; init => field = OptionValue.AtLeast(0, value); } =
        64 * 1024 * 1024;

    /// <summary>
    /// Bytes that are read but not parsed during a request, to find the client's end behind them;
    /// then reading stops. Default 64 KiB. Nothing is read ahead unless disconnection is watched.
    /// </summary>
    public int ReadAheadBytesMax { get; init => field = OptionValue.AtLeast(0, value); } =
        64 * 1024;

    /// <summary>
    /// Bytes of responses that gather before they are sent although more requests are in the
    /// buffer. Default 64 KiB, as Kestrel: hundreds of small responses in one system call, and a
    /// bound for a client that pipelines and does not read.
    /// </summary>
    public int FlushBytes { get; init => field = OptionValue.AtLeast(1, value); } = 64 * 1024;

    /// <summary>
    /// Unsent bytes of a streamed response, its high-water mark: beyond it
    /// <see cref="StreamResponse.WriteAsync"/> waits. At least 1024. Default 64 KiB: enough for the
    /// kernel to send from, and 640 MiB for ten thousand slow clients.
    /// </summary>
    public int StreamHighBytes { get; init => field = OptionValue.AtLeast(1024, value); } =
        64 * 1024;

    /// <summary>
    /// Bytes that a streamed response sends before other connections have their turn; each write
    /// counts as at least 4 KiB. Default 64 KiB, some 25 microseconds: a thousand downloads delay
    /// another client by no more than 25 ms.
    /// </summary>
    public int StreamBytesPerTurn { get; init => field = OptionValue.AtLeast(1, value); } =
        64 * 1024;

    /// <summary>
    /// Requests of one connection that are served in a turn; further pipelined requests wait for
    /// other connections. Default 64, some 100 microseconds of small requests.
    /// </summary>
    public int RequestsPerTurn { get; init => field = OptionValue.AtLeast(1, value); } = 64;

    /// <summary>
    /// Requests of one connection; the last response says close. Default null, no limit. nginx has
    /// 1000, to free memory, of which an idle connection holds none here; behind a load balancer a
    /// limit spreads connections anew.
    /// </summary>
    public int? RequestsPerConnectionMax
    {
        get;
        init => field = value is { } count ? OptionValue.AtLeast(1, count) : null;
    }

    /// <summary>
    /// The limits of each of several loops. A budget that was set is never exceeded: the group
    /// refuses a budget that is too small for its loops.
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

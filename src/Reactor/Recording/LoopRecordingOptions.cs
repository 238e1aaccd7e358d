using Microsoft.Extensions.Logging;

namespace Reactor.Recording;

/// <summary>How a loop is recorded; every member but the path has a default. Immutable.</summary>
public sealed record LoopRecordingOptions
{
    /// <summary>The file, which is made or replaced.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// The bound of the file in bytes; at the bound the recording ends, and the loop goes on.
    /// Default 1 GiB: some ten million requests.
    /// </summary>
    public long BytesMax { get; init; } = 1L << 30;

    /// <summary>
    /// Bytes that may wait for the disk; beyond it the recording ends. Default 16 MiB: a stop of
    /// the disk for a second at 100,000 requests a second.
    /// </summary>
    public long QueueBytesMax { get; init; } = 16L << 20;

    /// <summary>
    /// True keeps only the numbers of received, sent and random bytes, no check sum, argument or
    /// text of an error; the file then cannot be replayed. Default false.
    /// </summary>
    public bool Mask { get; init; }

    /// <summary>
    /// True adds the events of the loop, for pictures and stepping without a replay; about six
    /// bytes an event. Default false.
    /// </summary>
    public bool Events { get; init; }

    /// <summary>
    /// The time of the events: nanoseconds of any monotonic clock, read on any thread. With that of
    /// a simulation, each run with the same seed gives the same picture. Null (default): the
    /// stopwatch.
    /// </summary>
    public Func<long>? EventClock { get; init; }

    /// <summary>The name of the program. Default: that of its entry assembly.</summary>
    public string Program { get; init; } = ThisProgram.Name;

    /// <summary>The version of the program, for the reader of the file.</summary>
    public string ProgramVersion { get; init; } = "";

    /// <summary>The command line, with which a replay can run the program again.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>Gets a warning if the recording ends early. Default: none.</summary>
    public ILoggerFactory? LoggerFactory { get; init; }
}

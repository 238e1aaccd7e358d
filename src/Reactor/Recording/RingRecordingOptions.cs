using System.Runtime.InteropServices;

namespace Reactor.Recording;

/// <summary>
/// How the last seconds of a loop are kept, and when they are saved by themselves; every member but
/// the folder has a default. Immutable.
/// </summary>
public sealed record RingRecordingOptions
{
    /// <summary>
    /// Where errors and signals save files: <c>NAME-N.reactor</c>, with the name of the loop.
    /// </summary>
    public required string Folder { get; init; }

    /// <summary>Older events are forgotten. Default 30 seconds.</summary>
    public TimeSpan Span { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Bytes of memory for the events. Default 64 MiB: some ten million events.
    /// </summary>
    public long BytesMax { get; init; } = 64L << 20;

    /// <summary>True saves a file for an error that no caller catches. Default true.</summary>
    public bool SaveOnError { get; init; } = true;

    /// <summary>The signal that saves a file, or null, the default.</summary>
    public PosixSignal? SaveOnSignal { get; init; }

    /// <summary>
    /// Files that errors and signals save in all; further ones are ignored. Default 10: a program
    /// may fail again and again.
    /// </summary>
    public int FilesMax { get; init; } = 10;
}

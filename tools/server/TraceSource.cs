using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using Reactor.Recording;

namespace Reactor.Tools.Server;

/// <summary>
/// Reads the events of a recording for the commands that show them. A recording of this program
/// that has no events is replayed to get them.
/// </summary>
internal static class TraceSource
{
    /// <summary>The argument with the file.</summary>
    public static Argument<string> File() => new("FILE")
    {
        Description = "A recording of a loop, such as that of `reactor demo --record FILE`.",
        HelpName = "FILE",
    };

    /// <summary>Reads a recording; else says why it cannot be shown.</summary>
    /// <param name="path">The file.</param>
    /// <param name="trace">Its events.</param>
    /// <param name="exitCode">The code of the program if there are none.</param>
    public static bool TryRead(
        string path, [NotNullWhen(true)] out LoopTrace? trace, out int exitCode)
    {
        (trace, exitCode) = (null, ExitCode.Ok);
        try
        {
            using var file = RecordingFile.Open(path);
            if (file.Header.HasEvents)
            {
                trace = file.ReadTrace();
                return true;
            }

            if (Obstacle(path, file.Header) is { } sentence)
            {
                exitCode = Say.Fail(ExitCode.Usage, sentence);
                return false;
            }

            trace = ReplayCommand.Trace(path);
            return true;
        }
        catch (LoopReplayException difference)
        {
            exitCode = Say.Fail(ExitCode.ReplayDiffers, difference.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            exitCode = Say.Fail(ExitCode.Usage, error.Message);
        }

        return false;
    }

    /// <summary>Returns why a file without events cannot get them, or null.</summary>
    private static string? Obstacle(string path, RecordingHeader header) =>
        header.ReplayObstacle is { } obstacle
            ? $"{path} has no events. {obstacle} Record it with --record-events to draw it."
        : header.Program != ReplayCommand.Program
            ? $"{path} has no events, and {header.Program} is another program: record it with "
                + "LoopRecordingOptions.Events."
        : null;
}

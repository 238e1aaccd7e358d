using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics.CodeAnalysis;
using Reactor.Recording;

namespace Reactor.Tools.Server;

/// <summary>
/// Reads the events of a recording for the commands that show them. A recording of this program
/// that has no events is replayed to get them.
/// </summary>
internal static class TraceSource
{
    private const double SecondsMax = 1e9;

    /// <summary>The argument with the file.</summary>
    public static Argument<string> File() => new("FILE")
    {
        Description = "A recording of a loop, such as that of `reactor demo --record FILE`.",
        HelpName = "FILE",
    };

    /// <summary>An option with a time of the recording.</summary>
    public static Option<double?> Time(string name, string what)
    {
        Func<ArgumentResult, double> parser = OptionValues.NotNegative(SecondsMax);
        return new Option<double?>(name)
        {
            Description = $"{what} of the range, in seconds since the begin of the recording.",
            HelpName = "SECONDS",
            CustomParser = result => parser(result),
        };
    }

    /// <summary>The value of such an option.</summary>
    public static TimeSpan? Seconds(double? seconds) =>
        seconds is { } given ? TimeSpan.FromSeconds(given) : null;

    /// <summary>Reads a recording; else says why it cannot be shown.</summary>
    /// <param name="path">The file.</param>
    /// <param name="trace">Its events.</param>
    /// <param name="exitCode">The code of the program if there are none.</param>
    /// <param name="part">The part to read; null: all.</param>
    public static bool TryRead(
        string path, [NotNullWhen(true)] out LoopTrace? trace, out int exitCode,
        TracePart? part = null)
    {
        part ??= new TracePart();
        (trace, exitCode) = (null, ExitCode.Ok);
        try
        {
            using var file = RecordingFile.Open(path);
            if (file.Header.HasEvents)
            {
                trace = file.ReadTrace(part);
                SayShortfall(file.Shortfall);
                return true;
            }

            if (Obstacle(path, file.Header) is { } sentence)
            {
                exitCode = Say.Fail(ExitCode.Usage, sentence);
                return false;
            }

            (trace, string? shortfall) = ReplayCommand.Trace(path, part);
            SayShortfall(shortfall);
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

    // What is shown is right, but it is not the whole run.
    private static void SayShortfall(string? shortfall)
    {
        if (shortfall is not null)
        {
            Say.Line(shortfall);
        }
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

using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Reactor.Drivers;
using Reactor.Recording;

namespace Reactor.Tools.Server;

/// <summary>
/// The command <c>replay</c>: runs the server again on a recording of itself, without sockets, and
/// prints that all matched, or the first difference.
/// </summary>
internal static class ReplayCommand
{
    /// <summary>The name of this program in the recordings that it makes.</summary>
    public const string Program = "reactor";

    /// <summary>Adds the argument and the action.</summary>
    public static void AddTo(Command command)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "A recording of `reactor demo --record FILE`.",
            HelpName = "FILE",
        };
        command.Add(file);
        command.SetAction(parsed => Replay(parsed.GetValue(file)!));
    }

    private static int Replay(string path)
    {
        LoopReplay replay;
        try
        {
            replay = LoopReplay.Open(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Say.Fail(ExitCode.Usage, error.Message);
        }

        using (replay)
        {
            if (replay.Header.Program != Program)
            {
                return Say.Fail(
                    ExitCode.Usage,
                    $"{path} is a recording of {replay.Header.Program}: run that program on it "
                    + "with LoopReplay.");
            }

            long begin = Stopwatch.GetTimestamp();
            int exitCode = ExitCode.Ok;
            try
            {
                replay.Run(driver => exitCode = Serve(replay.Header.Arguments, driver));
            }
            catch (LoopReplayException difference)
            {
                string end = exitCode == ExitCode.Ok ? ""
                    : $"The server ended with exit code {exitCode}. ";
                return Say.Fail(ExitCode.ReplayDiffers, end + difference.Message);
            }
            catch (RecordingException error)
            {
                return Say.Fail(ExitCode.Usage, $"{path} cannot be replayed: {error.Message}");
            }

            TimeSpan elapsed = Stopwatch.GetElapsedTime(begin);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"The replay matches: {replay.Turns} turns, {replay.Entries} entries, "
                + $"{replay.Now.TotalSeconds:0.000} s replayed in "
                + $"{elapsed.TotalSeconds:0.000} s."));
            if (exitCode != ExitCode.Ok)
            {
                Console.WriteLine($"The server ended with exit code {exitCode}.");
            }

            if (replay.Shortfall is { } shortfall)
            {
                Say.Line(shortfall);
            }

            return replay.DamagedAt is null ? ExitCode.Ok : ExitCode.RecordingDamaged;
        }
    }

    /// <summary>
    /// Replays a recording of this program, and returns the events of the run and why they are not
    /// the whole run, or null.
    /// </summary>
    /// <exception cref="LoopReplayException">The run differs from the recording.</exception>
    /// <exception cref="IOException">The recording cannot be read or replayed.</exception>
    public static (LoopTrace Trace, string? Shortfall) Trace(string path, TracePart part)
    {
        using var replay = LoopReplay.Open(
            path, new LoopReplayOptions { Events = true, Part = part });
        replay.Run(driver => Serve(replay.Header.Arguments, driver, isSilent: true));
        return (replay.ReadTrace(), replay.Shortfall);
    }

    private static int Serve(
        IReadOnlyList<string> arguments, LoopDriver driver, bool isSilent = false)
    {
        var command = new Command("reactor");
        new DemoCommand(driver, isSilent).AddTo(command);
        ParseResult parsed = command.Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            Say.Line($"The recorded command line is wrong: {OptionValues.FirstError(parsed)}");
            return ExitCode.Usage;
        }

        return parsed.Invoke(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }
}

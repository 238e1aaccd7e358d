using System.CommandLine;
using Reactor.Inspector;
using Reactor.Recording;

namespace Reactor.Tools.Server;

/// <summary>
/// The command <c>reactor trace</c>: writes a recording as JSON for Perfetto, and a run of loadgen
/// on the same clock beside it.
/// </summary>
internal sealed class TraceCommand
{
    private readonly Argument<string> _file = TraceSource.File();
    private readonly Option<string> _output = OutputFile.Option("JSON");

    private readonly Option<string?> _loadgen = new("--loadgen")
    {
        Description = "A run of `loadgen -o json=FILE` at the same time, to show beside it.",
        HelpName = "FILE",
    };

    private readonly Option<double?> _from = TraceSource.Time("--from", "Begin");
    private readonly Option<double?> _to = TraceSource.Time("--to", "End");

    /// <summary>Adds the options and the action.</summary>
    public void AddTo(Command command)
    {
        command.Add(_file);
        command.Add(_output);
        command.Add(_loadgen);
        command.Add(_from);
        command.Add(_to);
        command.SetAction(Export);
    }

    private int Export(ParseResult parsed)
    {
        var part = new TracePart
        {
            From = TraceSource.Seconds(parsed.GetValue(_from)),
            To = TraceSource.Seconds(parsed.GetValue(_to)),
        };
        if (part.From > part.To)
        {
            return Say.Fail(ExitCode.Usage, "The range ends before it begins.");
        }

        LoadgenRun? load = null;
        if (parsed.GetValue(_loadgen) is { } path && !TryReadLoad(path, out load, out int failed))
        {
            return failed;
        }

        string output = parsed.GetValue(_output)!;
        return OutputFile.TryCheck(output, out int exitCode)
            && TraceSource.TryRead(
                parsed.GetValue(_file)!, out LoopTrace? trace, out exitCode, part)
            ? OutputFile.Write(output, file => ChromeTrace.Write(trace, file, load))
            : exitCode;
    }

    private static bool TryReadLoad(string path, out LoadgenRun? load, out int exitCode)
    {
        (load, exitCode) = (null, ExitCode.Ok);
        try
        {
            load = LoadgenRun.Parse(File.ReadAllBytes(path));
            return true;
        }
        catch (InvalidDataException error)
        {
            exitCode = Say.Fail(ExitCode.Usage, $"{path} cannot be read: {error.Message}.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            exitCode = Say.Fail(ExitCode.Usage, $"{path} cannot be read: {error.Message}");
        }

        return false;
    }
}

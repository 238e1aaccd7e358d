using System.CommandLine;
using Reactor.Inspector;
using Reactor.Recording;

namespace Reactor.Tools.Server;

/// <summary>The command <c>reactor picture</c>: draws a moment or a range of a recording.</summary>
internal sealed class PictureCommand
{
    private readonly Argument<string> _file = TraceSource.File();
    private readonly Option<string> _output = OutputFile.Option("picture");

    private readonly Option<string> _kind = new Option<string>("--kind")
    {
        Description = "What the picture shows: lanes of the tasks over time, one turn, the ready "
            + "queue, timers, the await tree, or the states of the connections.",
        Required = true,
    }.AcceptOnlyFromAmong(
        StringComparer.OrdinalIgnoreCase,
        [.. Enum.GetNames<PictureKind>().Select(name => name.ToLowerInvariant())]);

    private readonly Option<long?> _turn = new("--turn")
    {
        Description = "Number of the turn to draw.",
        HelpName = "NUMBER",
        CustomParser = OptionValues.WholeOrNone(0, long.MaxValue),
    };

    private readonly Option<int?> _event = new("--event")
    {
        Description = "Number of the event after which to draw, from 0.",
        HelpName = "NUMBER",
        CustomParser = OptionValues.WholeOrNone(0, int.MaxValue),
    };

    private readonly Option<long?> _connection = new("--connection")
    {
        Description = "Number of the only connection to draw, for --kind connection.",
        HelpName = "NUMBER",
        CustomParser = OptionValues.WholeOrNone(1, long.MaxValue),
    };

    private readonly Option<double?> _from = TraceSource.Time("--from", "Begin");
    private readonly Option<double?> _to = TraceSource.Time("--to", "End");

    private readonly Option<int> _width = new("--width")
    {
        Description = "Width in pixels, from "
            + $"{PictureOptions.WidthMin} to {PictureOptions.WidthMax}.",
        HelpName = "PIXELS",
        DefaultValueFactory = _ => new PictureOptions().Width,
        CustomParser = OptionValues.Whole(PictureOptions.WidthMin, PictureOptions.WidthMax),
    };

    /// <summary>Adds the options and the action.</summary>
    public void AddTo(Command command)
    {
        command.Add(_file);
        foreach (Option option in (Option[])
            [_kind, _output, _turn, _event, _from, _to, _connection, _width])
        {
            command.Add(option);
        }

        command.SetAction(Draw);
    }

    private int Draw(ParseResult parsed)
    {
        var options = new PictureOptions
        {
            Turn = parsed.GetValue(_turn),
            Event = parsed.GetValue(_event),
            From = TraceSource.Seconds(parsed.GetValue(_from)),
            To = TraceSource.Seconds(parsed.GetValue(_to)),
            Connection = parsed.GetValue(_connection),
            Width = parsed.GetValue(_width),
        };
        var kind = Enum.Parse<PictureKind>(parsed.GetValue(_kind)!, ignoreCase: true);
        string output = parsed.GetValue(_output)!;
        using var picture = new MemoryStream();
        try
        {
            // First, as a replay may take minutes.
            TracePicture.Check(kind, options);
            if (!OutputFile.TryCheck(output, out int exitCode)
                || !TraceSource.TryRead(
                    parsed.GetValue(_file)!, out LoopTrace? trace, out exitCode))
            {
                return exitCode;
            }

            TracePicture.Write(trace, kind, options, picture);
        }
        catch (ArgumentException error)
        {
            return Say.Fail(ExitCode.Usage, error.Message);
        }

        return OutputFile.Write(output, file =>
        {
            picture.Position = 0;
            picture.CopyTo(file);
        });
    }
}

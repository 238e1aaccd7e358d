using System.CommandLine;
using System.CommandLine.Parsing;
using Reactor.Inspector;
using Reactor.Recording;

namespace Reactor.Tools.Server;

/// <summary>The command <c>reactor picture</c>: draws a moment or a range of a recording.</summary>
internal sealed class PictureCommand
{
    private const double SecondsMax = 1e9;

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

    private readonly Option<double?> _from = Time("--from", "Begin");
    private readonly Option<double?> _to = Time("--to", "End");

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
        if (!TraceSource.TryRead(parsed.GetValue(_file)!, out LoopTrace? trace, out int exitCode))
        {
            return exitCode;
        }

        var options = new PictureOptions
        {
            Turn = parsed.GetValue(_turn),
            Event = parsed.GetValue(_event),
            From = Seconds(parsed.GetValue(_from)),
            To = Seconds(parsed.GetValue(_to)),
            Connection = parsed.GetValue(_connection),
            Width = parsed.GetValue(_width),
        };
        var kind = Enum.Parse<PictureKind>(parsed.GetValue(_kind)!, ignoreCase: true);
        using var picture = new MemoryStream();
        try
        {
            TracePicture.Write(trace, kind, options, picture);
        }
        catch (ArgumentException error)
        {
            return Say.Fail(ExitCode.Usage, error.Message);
        }

        return OutputFile.Write(parsed.GetValue(_output)!, output =>
        {
            picture.Position = 0;
            picture.CopyTo(output);
        });
    }

    private static TimeSpan? Seconds(double? seconds) =>
        seconds is { } given ? TimeSpan.FromSeconds(given) : null;

    private static Option<double?> Time(string name, string what)
    {
        Func<ArgumentResult, double> parser = OptionValues.NotNegative(SecondsMax);
        return new Option<double?>(name)
        {
            Description = $"{what} of the range, in seconds since the begin of the recording.",
            HelpName = "SECONDS",
            CustomParser = result => parser(result),
        };
    }
}

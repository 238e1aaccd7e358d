using System.CommandLine;
using System.CommandLine.Parsing;
using Reactor.Drivers;
using Reactor.Recording;

namespace Reactor.Tools.Server;

/// <summary>
/// The options of <c>reactor demo</c> that record its run to a file.
/// </summary>
internal sealed class RecordOptions
{
    private const long BytesLeast = 4096;

    private readonly Option<string?> _file = new("--record")
    {
        Description = "File to record the run to; `reactor replay FILE` runs it again. It has "
            + "all received bytes, also passwords.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _mask = new("--record-mask")
    {
        Description = "Record the number of the received bytes in place of the bytes. The file "
            + "cannot be replayed.",
    };

    private readonly Option<bool> _events = new("--record-events")
    {
        Description = "Record the events of the loop too, for pictures without a replay.",
    };

    private readonly Option<long?> _bytesMax = new("--record-max")
    {
        Description = $"Bound of the file in bytes, from {BytesLeast}. At the bound the recording "
            + "ends, and the server goes on. [default: 1 GiB]",
        HelpName = "BYTES",
        CustomParser = OptionValues.WholeOrNone(BytesLeast, long.MaxValue),
    };

    public void AddTo(Command command)
    {
        command.Add(_file);
        command.Add(_mask);
        command.Add(_events);
        command.Add(_bytesMax);
    }

    /// <summary>Returns why valid options contradict each other, or null.</summary>
    public string? Contradiction(ParseResult parsed, int loops) =>
        IsWanted(parsed)
            ? loops == 1 ? null
                : $"--record needs --loops 1, not '{loops}': a recording is of one loop."
            : parsed.GetValue(_mask) || parsed.GetValue(_events)
                || parsed.GetValue(_bytesMax) is not null
                ? "--record-mask, --record-events and --record-max are only for --record."
                : null;

    /// <summary>
    /// Puts a recording around a driver; null if none is wanted. False, with a sentence for the
    /// user, if the file cannot be made.
    /// </summary>
    public bool TryWrap(
        ParseResult parsed, string driver, Logging logging, out LoopDriver? recording)
    {
        recording = null;
        if (!IsWanted(parsed))
        {
            return true;
        }

        string path = parsed.GetValue(_file)!;
        var options = new LoopRecordingOptions
        {
            Path = path,
            Program = ReplayCommand.Program,
            ProgramVersion = typeof(RecordOptions).Assembly.GetName().Version?.ToString() ?? "",
            Arguments = [.. parsed.Tokens
                .Where(token => token.Type != TokenType.Command)
                .Select(token => token.Value)],
            Mask = parsed.GetValue(_mask),
            Events = parsed.GetValue(_events),
            LoggerFactory = logging,
        };
        try
        {
            recording = new LoopRecording(
                LoopDrivers.Create(driver),
                options with { BytesMax = parsed.GetValue(_bytesMax) ?? options.BytesMax });
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Say.Line($"The recording {path} cannot be made: {error.Message}");
            return false;
        }
    }

    private bool IsWanted(ParseResult parsed) => parsed.GetResult(_file) is not null;
}

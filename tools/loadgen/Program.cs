// The `loadgen` program: measures an HTTP/1.1 server. Parses the command line, runs one measurement
// on one loop, prints a report.
//
// Exit codes: 0 measured; 1 an error of this program; 2 wrong usage; 3 no server, or no
// successful response; 105 interrupted.
using Reactor;
using Reactor.Tools;
using Reactor.Tools.Loadgen;

StandardStreams.Secure();

// The runtime reads the switch once, when the first socket is created, so set it before that.
InlineCompletions.EnableUnless(args.Contains(LoadgenCommand.NoInlineName));
try
{
    return new LoadgenCommand(Console.Out, Console.Error).Invoke(args);
}
catch (Exception error)
{
    Say.Line(Console.Error, error is IOException or UnauthorizedAccessException
        ? $"the report could not be written: {error.Message}."
        : $"this is a bug in loadgen: {error}");
    return ExitCode.Internal;
}

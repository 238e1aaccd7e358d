// The `loadgen` binary: loads an HTTP/1.1 server and says what it measured. Parses the command
// line, runs one measurement on one loop, prints a report.
//
// Exit codes: 0 measured; 1 an error of this program; 2 wrong usage; 3 nobody to load, or no
// successful response; 105 interrupted.
using Reactor.Tools;
using Reactor.Tools.Loadgen;

// Read once, when the first socket is made: so it comes before anything that might make one.
InlineCompletions.EnableUnless(args.Contains(LoadgenCommand.NoInlineName));
try
{
    return new LoadgenCommand(Console.Out, Console.Error).Invoke(args);
}
catch (Exception error)
{
    Console.Error.WriteLine($"loadgen: this is a bug in loadgen: {error}");
    return ExitCode.Internal;
}

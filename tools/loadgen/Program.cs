// The `loadgen` program: measures an HTTP/1.1 server. Parses the command line, runs a measurement
// or runs another command, and prints a report.
//
// Exit codes: see ExitCode.
using Reactor;
using Reactor.Tools.Loadgen;

StandardStreams.Secure();

try
{
    TextWriter output = StandardStreams.IsOutputClosed ? new ClosedOutput() : Console.Out;
    return new LoadgenCommand(output, Console.Error).Invoke(args);
}
catch (Exception error)
{
    Say.Line(Console.Error, error is IOException or UnauthorizedAccessException
        ? $"the report could not be written: {error.Message.TrimEnd('.')}."
        : $"this is a bug in loadgen: {error}");
    return ExitCode.Internal;
}

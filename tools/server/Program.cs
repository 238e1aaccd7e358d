// The `reactor` binary: the standalone server. Parses the command line, opens the listeners, serves
// the demo application on one loop or several until a signal asks it to end.
//
// The first check needs the core library only; all else is behind a call, whose code is compiled,
// and whose assemblies are loaded, after it.
using Reactor.Tools.Server;

return StartLimits.AreEnough(loops: 1)
    ? ServerProgram.Run(args)
    : ExitCode.TooFewDescriptors;

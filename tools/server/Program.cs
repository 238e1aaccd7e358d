// The `reactor` program: the standalone server. Parses the command line, opens the listeners, and
// serves the demo application on one or several loops until a signal ends it.
//
// The first check needs only the core library; all other code is compiled, and its assemblies are
// loaded, after it.
using Reactor.Tools.Server;

return StartLimits.AreEnough(loops: 1)
    ? ServerProgram.Run(args)
    : ExitCode.TooFewDescriptors;

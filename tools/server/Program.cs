// The `reactor` binary: the standalone server. Parses the command line, opens the listeners, serves
// the demo application on one loop until a signal asks it to end.
//
// Exit codes: 0 served and ended in order; 2 wrong usage; 3 a listener that cannot be opened.
using Reactor.Tools;
using Reactor.Tools.Server;

// Read once, when the first socket is made: so it comes before anything that might make one.
InlineCompletions.EnableUnless(args.Contains(ServerCommand.NoInlineName));
return new ServerCommand().Invoke(args);

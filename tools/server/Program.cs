// The `reactor` binary: the standalone server. Parses the command line, opens the listeners, serves
// the demo application on one loop or several until a signal asks it to end.
//
// Exit codes: 0 served and ended in order; 2 wrong usage; 3 a listener that cannot be opened; 4 a
// listener that failed while it served.
using Reactor.Tools.Server;

return new ServerCommand().Invoke(args);

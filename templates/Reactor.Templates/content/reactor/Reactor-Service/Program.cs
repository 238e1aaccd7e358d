// Serves the application until Ctrl+C or SIGTERM, and then completes the requests in progress. The
// first argument is the port.

using System.Globalization;
using Reactor.Drivers;
using Reactor.Http;

int port = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 8000;
OrderService.Create().Run("127.0.0.1", port, driver: LoopDrivers.Best());

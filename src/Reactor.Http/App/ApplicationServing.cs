using Reactor.Drivers;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// Serves an application: as a handler of connections, or as a whole program. Apart from the
/// application itself, which knows nothing of servers.
/// </summary>
public static class ApplicationServing
{
    /// <summary>
    /// Makes the connection handler for <c>loop.CreateServer</c> (aiohttp: <c>make_handler</c>),
    /// one for each loop, and freezes the application and those mounted in it.
    /// </summary>
    /// <param name="application">The outermost application.</param>
    /// <param name="options">The server's options.</param>
    /// <exception cref="InvalidOperationException">
    /// The application is mounted in another, or two routes of one application have one name.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// Two routes conflict, a pattern is malformed, or a default header cannot be one.
    /// </exception>
    public static HttpServer MakeHandler(
        this Application application, HttpServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(application);
        application.Mounts.ThrowIfMounted();
        options ??= new HttpServerOptions();
        return new HttpServer(
            application.Dispatcher ??= Composition.Compose(application),
            new ApplicationLifetime(application, options),
            options,
            application.DefaultHeaders,
            application.OwnThieves);
    }

    /// <summary>
    /// Runs a server program: prints the address, serves on a new loop until SIGINT or SIGTERM,
    /// then completes the requests in progress (aiohttp: <c>web.run_app</c>). Blocks the calling
    /// thread, which becomes the loop thread.
    /// </summary>
    /// <remarks>
    /// If the address cannot be bound, writes one sentence to standard error, sets
    /// <see cref="Environment.ExitCode"/> to 1 and returns; <see cref="ServerGroup"/> throws
    /// <see cref="BindException"/>.
    /// </remarks>
    /// <param name="application">The outermost application.</param>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">The port; 0 picks a free port.</param>
    /// <param name="options">The server's options.</param>
    /// <param name="driver">
    /// The I/O driver, such as <see cref="LoopDrivers.Best"/>; the loop disposes it. Default: that
    /// of <paramref name="loopOptions"/>.
    /// </param>
    /// <param name="loopOptions">The loop's options.</param>
    /// <param name="print">
    /// Called with each line of output, on the loop thread. Default: standard output.
    /// </param>
    /// <exception cref="ListenerException">
    /// The listener failed; the server has shut down first. So it has for the exception of a
    /// background task with <see cref="CrashPolicy.ShutDown"/>.
    /// </exception>
    public static void Run(
        this Application application,
        string host,
        int port,
        HttpServerOptions? options = null,
        LoopDriver? driver = null,
        EventLoopOptions? loopOptions = null,
        Action<string>? print = null)
    {
        ArgumentNullException.ThrowIfNull(application);
        new ApplicationProgram(application, print).Run(
            host, port, options, loopOptions ?? new EventLoopOptions(), driver);
    }
}

using System.Runtime.CompilerServices;
using Reactor.Drivers;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// A web application: routes, and how to serve them (aiohttp: <c>web.Application</c>).
/// </summary>
/// <remarks>Set up by one thread before it is served; then it belongs to the loop.</remarks>
public sealed class Application
{
    /// <summary>The routes.</summary>
    public Router Router { get; } = new();

    /// <summary>
    /// Run in order before anything is served, on each loop that serves (aiohttp:
    /// <c>on_startup</c>). An exception ends the start.
    /// </summary>
    public IList<Func<Application, Coroutine>> OnStartup { get; } =
        new List<Func<Application, Coroutine>>();

    /// <summary>
    /// Run in order when the server stops, after the listeners are closed and before begun requests
    /// are waited for: the place to end long answers (aiohttp: <c>on_shutdown</c>). They have
    /// <see cref="HttpServerOptions.ShutdownTimeout"/> together with the requests.
    /// </summary>
    public IList<Func<Application, Coroutine>> OnShutdown { get; } =
        new List<Func<Application, Coroutine>>();

    /// <summary>
    /// Run in order when the last connection is closed: the place to give back what
    /// <see cref="OnStartup"/> made (aiohttp: <c>on_cleanup</c>). An exception is reported, and the
    /// others run.
    /// </summary>
    public IList<Func<Application, Coroutine>> OnCleanup { get; } =
        new List<Func<Application, Coroutine>>();

    /// <summary>Adds a route for GET and HEAD.</summary>
    /// <inheritdoc
    /// cref="Router.AddRoute(string, string, Func{Request, Coroutine{Response}}, RouteOptions)"/>
    [OverloadResolutionPriority(1)]
    public void Get(
        string pattern,
        Func<Request, Coroutine<Response>> handler,
        RouteOptions? options = null) =>
        Router.AddRoute("GET", pattern, handler, options);

    /// <inheritdoc cref="Get(string, Func{Request, Coroutine{Response}}, RouteOptions)"/>
    public void Get(
        string pattern,
        Func<Request, Task<Response>> handler,
        RouteOptions? options = null) =>
        Router.AddRoute("GET", pattern, handler, options);

    /// <inheritdoc cref="Get(string, Func{Request, Coroutine{Response}}, RouteOptions)"/>
    public void Get(
        string pattern,
        Func<Request, Response> handler,
        RouteOptions? options = null) =>
        Router.AddRoute("GET", pattern, handler, options);

    /// <summary>Adds a route for POST.</summary>
    /// <inheritdoc
    /// cref="Router.AddRoute(string, string, Func{Request, Coroutine{Response}}, RouteOptions)"/>
    [OverloadResolutionPriority(1)]
    public void Post(
        string pattern,
        Func<Request, Coroutine<Response>> handler,
        RouteOptions? options = null) =>
        Router.AddRoute("POST", pattern, handler, options);

    /// <inheritdoc cref="Post(string, Func{Request, Coroutine{Response}}, RouteOptions)"/>
    public void Post(
        string pattern,
        Func<Request, Task<Response>> handler,
        RouteOptions? options = null) =>
        Router.AddRoute("POST", pattern, handler, options);

    /// <inheritdoc cref="Post(string, Func{Request, Coroutine{Response}}, RouteOptions)"/>
    public void Post(
        string pattern,
        Func<Request, Response> handler,
        RouteOptions? options = null) =>
        Router.AddRoute("POST", pattern, handler, options);

    /// <summary>Adds a route for PUT.</summary>
    /// <inheritdoc
    /// cref="Router.AddRoute(string, string, Func{Request, Coroutine{Response}}, RouteOptions)"/>
    [OverloadResolutionPriority(1)]
    public void Put(
        string pattern,
        Func<Request, Coroutine<Response>> handler,
        RouteOptions? options = null) =>
        Router.AddRoute("PUT", pattern, handler, options);

    /// <inheritdoc cref="Put(string, Func{Request, Coroutine{Response}}, RouteOptions)"/>
    public void Put(
        string pattern,
        Func<Request, Task<Response>> handler,
        RouteOptions? options = null) =>
        Router.AddRoute("PUT", pattern, handler, options);

    /// <inheritdoc cref="Put(string, Func{Request, Coroutine{Response}}, RouteOptions)"/>
    public void Put(
        string pattern,
        Func<Request, Response> handler,
        RouteOptions? options = null) =>
        Router.AddRoute("PUT", pattern, handler, options);

    /// <summary>Adds a route for DELETE.</summary>
    /// <inheritdoc
    /// cref="Router.AddRoute(string, string, Func{Request, Coroutine{Response}}, RouteOptions)"/>
    [OverloadResolutionPriority(1)]
    public void Delete(
        string pattern,
        Func<Request, Coroutine<Response>> handler,
        RouteOptions? options = null) =>
        Router.AddRoute("DELETE", pattern, handler, options);

    /// <inheritdoc cref="Delete(string, Func{Request, Coroutine{Response}}, RouteOptions)"/>
    public void Delete(
        string pattern,
        Func<Request, Task<Response>> handler,
        RouteOptions? options = null) =>
        Router.AddRoute("DELETE", pattern, handler, options);

    /// <inheritdoc cref="Delete(string, Func{Request, Coroutine{Response}}, RouteOptions)"/>
    public void Delete(
        string pattern,
        Func<Request, Response> handler,
        RouteOptions? options = null) =>
        Router.AddRoute("DELETE", pattern, handler, options);

    /// <summary>
    /// What <c>loop.CreateServer</c> takes: the application as the server of connections (aiohttp:
    /// <c>make_handler</c>). One for each loop.
    /// </summary>
    /// <remarks>Routes can no longer be added after this.</remarks>
    /// <param name="options">Limits and habits of the server.</param>
    public HttpServer MakeHandler(HttpServerOptions? options = null) =>
        new(Router.Freeze(), new ApplicationHooks(this), options ?? new HttpServerOptions());

    /// <summary>
    /// The whole of a program that serves: says where it listens, and serves on a loop of its own
    /// until SIGINT or SIGTERM, then completes the requests in progress (aiohttp:
    /// <c>web.run_app</c>). Blocks the calling thread, which becomes the loop's.
    /// </summary>
    /// <remarks>
    /// An address that cannot be listened on, a port in use for example, is one sentence on
    /// standard error, and <see cref="Environment.ExitCode"/> becomes 1; the method returns. A
    /// program that handles this itself uses <see cref="ServerGroup"/>, which throws
    /// <see cref="BindException"/>.
    /// </remarks>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">The port; 0 picks one.</param>
    /// <param name="options">Limits and habits of the server.</param>
    /// <param name="driver">
    /// The I/O driver, such as <see cref="LoopDrivers.Best"/>; the loop disposes of it. Default:
    /// the one of <paramref name="loopOptions"/>, else the sockets driver.
    /// </param>
    /// <param name="loopOptions">How the loop is made.</param>
    /// <param name="print">
    /// Takes each line of output, on the loop thread (aiohttp: <c>print</c>). Default: standard
    /// output.
    /// </param>
    /// <exception cref="ListenerException">
    /// The listener failed while it served; the server has ended in order.
    /// </exception>
    public void Run(
        string host,
        int port,
        HttpServerOptions? options = null,
        LoopDriver? driver = null,
        EventLoopOptions? loopOptions = null,
        Action<string>? print = null) =>
        new ApplicationProgram(this, print).Run(
            host, port, options, loopOptions ?? new EventLoopOptions(), driver);
}

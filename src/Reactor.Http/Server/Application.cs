using System.Runtime.CompilerServices;
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

    /// <summary>
    /// What <c>loop.CreateServer</c> takes: the application as the server of connections (aiohttp:
    /// <c>make_handler</c>). One for each loop.
    /// </summary>
    /// <param name="options">Limits and habits of the server.</param>
    public HttpServer MakeHandler(HttpServerOptions? options = null) =>
        new(this, options ?? new HttpServerOptions());

    /// <summary>
    /// Serves on a loop of its own until the process is asked to end: SIGINT and SIGTERM stop
    /// accepting and finish what runs (aiohttp: <c>web.run_app</c>). Blocks the calling thread,
    /// which becomes the loop's.
    /// </summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">The port; 0 picks one.</param>
    /// <param name="options">Limits and habits of the server.</param>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be had.</exception>
    public void Run(string host, int port, HttpServerOptions? options = null) =>
        EventLoop.Run(async () =>
        {
            EventLoop loop = EventLoop.Current;
            HttpServer handler = MakeHandler(options);
            await handler.Startup();
            LoopServer server = await loop.CreateServer(handler, host, port);
            await handler.ServeUntilSignal(server);
        });
}

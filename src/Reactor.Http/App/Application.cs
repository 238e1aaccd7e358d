using System.Runtime.CompilerServices;
using Reactor.Drivers;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// A web application: routes, and how to serve them (aiohttp: <c>web.Application</c>).
/// </summary>
/// <remarks>One thread sets it up before it is served; then it belongs to the loop.</remarks>
public sealed class Application
{
    private readonly List<Func<Request, Handler, Coroutine<Response>>> _middleware = [];

    /// <summary>The routes.</summary>
    public Router Router { get; } = new();

    /// <summary>
    /// Fields that every response has, also one that the server generates. The response's own
    /// <see cref="Response.Headers"/> take precedence. Read once, by <see cref="MakeHandler"/>.
    /// </summary>
    public ResponseHeaders DefaultHeaders { get; } = new();

    /// <summary>
    /// Hooks that run in order before the listeners open, on each loop that serves (aiohttp:
    /// <c>on_startup</c>). An exception ends the start.
    /// </summary>
    public IList<Func<Application, Coroutine>> OnStartup { get; } =
        new List<Func<Application, Coroutine>>();

    /// <summary>
    /// Hooks that run in order after the listeners close and before the server waits for requests
    /// in progress: the place to end long responses (aiohttp: <c>on_shutdown</c>). They share
    /// <see cref="HttpServerShutdown.Timeout"/> with the requests.
    /// </summary>
    public IList<Func<Application, Coroutine>> OnShutdown { get; } =
        new List<Func<Application, Coroutine>>();

    /// <summary>
    /// Hooks that run in order after the last connection has closed (aiohttp: <c>on_cleanup</c>).
    /// An exception is reported and does not stop the others.
    /// </summary>
    public IList<Func<Application, Coroutine>> OnCleanup { get; } =
        new List<Func<Application, Coroutine>>();

    /// <summary>
    /// Makes the responses to errors that the server answers itself; null for the default pages,
    /// which are text, HTML or problem details by Accept. Read once, by <see cref="MakeHandler"/>.
    /// </summary>
    public ErrorPage? ErrorPage { get; set; }

    /// <summary>
    /// Hooks that run in order, on the loop thread, before the head of each final response is
    /// written, also of one that the server generates (aiohttp: <c>on_response_prepare</c>). They
    /// may change fields, cookies, content type and reason, not status and body. The request is
    /// null only if its head was malformed or late. What a hook throws is answered with 500,
    /// without another run. Read once, by <see cref="MakeHandler"/>.
    /// </summary>
    public IList<Action<Request?, Response>> OnResponsePrepare { get; } =
        new List<Action<Request?, Response>>();

    /// <summary>The application's own values, by typed key.</summary>
    public ApplicationState State { get; } = new();

    /// <summary>
    /// Adds a middleware, which runs around the handler of every route (aiohttp: <c>middlewares</c>):
    /// it gets the request and the next handler, and returns a response. The first one added is the
    /// outermost.
    /// </summary>
    /// <param name="middleware">
    /// The middleware: <c>async (request, next) => await next(request)</c> passes everything on.
    /// </param>
    public Application Use(Func<Request, Handler, Coroutine<Response>> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        _middleware.Add(middleware);
        return this;
    }

    /// <summary>Adds a route for GET and HEAD.</summary>
    /// <inheritdoc cref="Router.AddRoute(string, string, Handler, RouteOptions)"/>
    [OverloadResolutionPriority(1)]
    public Route Get(string pattern, Handler handler, RouteOptions? options = null) =>
        Router.AddRoute("GET", pattern, handler, options);

    /// <inheritdoc cref="Get(string, Handler, RouteOptions)"/>
    public Route Get(string pattern, TaskHandler handler, RouteOptions? options = null) =>
        Router.AddRoute("GET", pattern, handler, options);

    /// <inheritdoc cref="Get(string, Handler, RouteOptions)"/>
    public Route Get(string pattern, SyncHandler handler, RouteOptions? options = null) =>
        Router.AddRoute("GET", pattern, handler, options);

    /// <summary>Adds a route for POST.</summary>
    /// <inheritdoc cref="Router.AddRoute(string, string, Handler, RouteOptions)"/>
    [OverloadResolutionPriority(1)]
    public Route Post(string pattern, Handler handler, RouteOptions? options = null) =>
        Router.AddRoute("POST", pattern, handler, options);

    /// <inheritdoc cref="Post(string, Handler, RouteOptions)"/>
    public Route Post(string pattern, TaskHandler handler, RouteOptions? options = null) =>
        Router.AddRoute("POST", pattern, handler, options);

    /// <inheritdoc cref="Post(string, Handler, RouteOptions)"/>
    public Route Post(string pattern, SyncHandler handler, RouteOptions? options = null) =>
        Router.AddRoute("POST", pattern, handler, options);

    /// <summary>Adds a route for PUT.</summary>
    /// <inheritdoc cref="Router.AddRoute(string, string, Handler, RouteOptions)"/>
    [OverloadResolutionPriority(1)]
    public Route Put(string pattern, Handler handler, RouteOptions? options = null) =>
        Router.AddRoute("PUT", pattern, handler, options);

    /// <inheritdoc cref="Put(string, Handler, RouteOptions)"/>
    public Route Put(string pattern, TaskHandler handler, RouteOptions? options = null) =>
        Router.AddRoute("PUT", pattern, handler, options);

    /// <inheritdoc cref="Put(string, Handler, RouteOptions)"/>
    public Route Put(string pattern, SyncHandler handler, RouteOptions? options = null) =>
        Router.AddRoute("PUT", pattern, handler, options);

    /// <summary>Adds a route for DELETE.</summary>
    /// <inheritdoc cref="Router.AddRoute(string, string, Handler, RouteOptions)"/>
    [OverloadResolutionPriority(1)]
    public Route Delete(string pattern, Handler handler, RouteOptions? options = null) =>
        Router.AddRoute("DELETE", pattern, handler, options);

    /// <inheritdoc cref="Delete(string, Handler, RouteOptions)"/>
    public Route Delete(string pattern, TaskHandler handler, RouteOptions? options = null) =>
        Router.AddRoute("DELETE", pattern, handler, options);

    /// <inheritdoc cref="Delete(string, Handler, RouteOptions)"/>
    public Route Delete(string pattern, SyncHandler handler, RouteOptions? options = null) =>
        Router.AddRoute("DELETE", pattern, handler, options);

    /// <summary>
    /// Makes the connection handler for <c>loop.CreateServer</c> (aiohttp: <c>make_handler</c>),
    /// one for each loop, and freezes the routes and <see cref="DefaultHeaders"/>.
    /// </summary>
    public HttpServer MakeHandler(HttpServerOptions? options = null) =>
        new(
            Router.Freeze(this), new ApplicationHooks(this), options ?? new(), DefaultHeaders,
            ErrorPage, ComposeHooks());

    internal Action<Request?, Response>? ComposeHooks()
    {
        Action<Request?, Response>? all = null;
        foreach (Action<Request?, Response> hook in OnResponsePrepare)
        {
            all += hook; // a delegate of several calls them in order, until one throws
        }

        return all;
    }

    internal Handler Compose(Handler handler)
    {
        for (int i = _middleware.Count - 1; i >= 0; i--)
        {
            handler = Around(_middleware[i], handler);
        }

        return handler;

        static Handler Around(
            Func<Request, Handler, Coroutine<Response>> middleware, Handler next) =>
            request => middleware(request, next);
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
    /// The listener failed; the server has shut down first.
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

using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Reactor.Http;

/// <summary>
/// A web application: routes, what runs around their handlers, and how to serve them (aiohttp:
/// <c>web.Application</c>). A group of routes is an application too, mounted in another.
/// </summary>
/// <remarks>
/// One thread sets it up; then it belongs to the loop.
/// <see cref="ApplicationServing.MakeHandler"/> freezes it with all that is mounted in it: a later
/// change throws <see cref="InvalidOperationException"/>.
/// </remarks>
public sealed partial class Application
{
    private readonly List<Func<Request, Handler, Coroutine<Response>>> _middleware = [];

    /// <summary>Creates an application without routes.</summary>
    public Application()
    {
        Router = new Router(this);
        OnStartup = new Freezable<Func<Application, Coroutine>>(ThrowIfFrozen, nameof(OnStartup));
        OnShutdown = new Freezable<Func<Application, Coroutine>>(ThrowIfFrozen, nameof(OnShutdown));
        OnCleanup = new Freezable<Func<Application, Coroutine>>(ThrowIfFrozen, nameof(OnCleanup));
        CleanupContexts = new Freezable<Func<Application, IAsyncEnumerable<Unit>>>(
            ThrowIfFrozen, nameof(CleanupContexts));
        OnResponsePrepare =
            new Freezable<Action<Request?, Response>>(ThrowIfFrozen, nameof(OnResponsePrepare));
    }

    /// <summary>The routes that were added to this application.</summary>
    public Router Router { get; }

    /// <summary>
    /// Every route that is served: those of this application, then those of the applications
    /// mounted in it, in the order in which they were mounted.
    /// </summary>
    public IReadOnlyList<Route> Routes =>
        [.. Mounts.Tree.SelectMany(application => application.Router.Routes)];

    /// <summary>
    /// Fields that every response has, also one that the server generates. The response's own
    /// <see cref="Response.Headers"/> take precedence; those of a mounted application go before
    /// those of the applications around it, by name. Read once, by
    /// <see cref="ApplicationServing.MakeHandler"/>.
    /// </summary>
    public ResponseHeaders DefaultHeaders { get; } = new();

    /// <summary>
    /// Hooks that run in order before the listeners open, on each loop that serves (aiohttp:
    /// <c>on_startup</c>); those of a mounted application after those around it. An exception ends
    /// the start.
    /// </summary>
    public IList<Func<Application, Coroutine>> OnStartup { get; }

    /// <summary>
    /// Hooks that run in order after the listeners close and before the server waits for requests
    /// in progress: the place to end long responses (aiohttp: <c>on_shutdown</c>). They share
    /// <see cref="HttpServerShutdown.Timeout"/> with the requests. The applications take turns in
    /// the reverse order of their start.
    /// </summary>
    public IList<Func<Application, Coroutine>> OnShutdown { get; }

    /// <summary>
    /// Hooks that run in order after the last connection has closed (aiohttp: <c>on_cleanup</c>).
    /// An exception is reported and does not stop the others. The applications take turns in the
    /// reverse order of their start.
    /// </summary>
    public IList<Func<Application, Coroutine>> OnCleanup { get; }

    /// <summary>
    /// What the application needs from its start to its end, such as a database (aiohttp:
    /// <c>cleanup_ctx</c>). Each is an async iterator that yields once: what stands before the
    /// yield runs before <see cref="OnStartup"/>, what stands after it, with the ends of its
    /// <c>using</c> and <c>finally</c> blocks, runs after <see cref="OnCleanup"/>, in the reverse
    /// order. An exception before the yield ends the start, and those that were entered are exited;
    /// one after the yield is reported and does not stop the others.
    /// </summary>
    /// <remarks>All parts run on the loop thread.</remarks>
    /// <example><code>
    /// app.CleanupContexts.Add(OpenDatabase);
    ///
    /// static async IAsyncEnumerable&lt;Unit&gt; OpenDatabase(Application app)
    /// {
    ///     await using Database database = await Database.OpenAsync("todo.db");
    ///     app.State.Set(s_database, database);
    ///     yield return default; // the application is served
    /// }
    /// </code></example>
    public IList<Func<Application, IAsyncEnumerable<Unit>>> CleanupContexts { get; }

    /// <summary>
    /// Hooks that run in order, on the loop thread, before the head of each final response is
    /// written, also of one that the server generates (aiohttp: <c>on_response_prepare</c>). They
    /// may change fields, cookies, content type and reason, not status and body. Those of a mounted
    /// application run after those around it. The request is null only if its head was malformed or
    /// late, which the hooks of the outermost application see. What a hook throws is answered with
    /// 500, without another run.
    /// </summary>
    public IList<Action<Request?, Response>> OnResponsePrepare { get; }

    /// <summary>
    /// Makes the responses to errors that the server answers itself; null for that of the
    /// application around this one, and at last for the default pages, which are text, HTML or
    /// problem details by Accept.
    /// </summary>
    /// <exception cref="InvalidOperationException">Set while the application is served.</exception>
    public ErrorPage? ErrorPage
    {
        get;
        set
        {
            ThrowIfFrozen(nameof(ErrorPage));
            field = value;
        }
    }

    /// <summary>
    /// The routes that hold the loop, with those of all mounted applications; of a mounted
    /// application, those of the one that is served. Its first use has the servers measure, unless
    /// <see cref="HttpServerLog.MeasuresLoopTime"/> is false. Any thread.
    /// </summary>
    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    public LoopThieves Thieves => Parent is { } parent ? parent.Thieves : OwnThieves.Ask();

    /// <summary>The application's own values, by typed key.</summary>
    public ApplicationState State { get; } = new();

    /// <summary>
    /// Whether a path is redirected to the one with a slash more or less at its end, if only that
    /// one has a route. <see cref="SlashPolicy.Redirect"/> also applies to the applications that
    /// are mounted in this one. Default: <see cref="SlashPolicy.Strict"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    public SlashPolicy SlashPolicy
    {
        get;
        set
        {
            ThrowIfFrozen(nameof(SlashPolicy));
            field = value;
        }
    }

    internal bool RedirectsSlashes =>
        SlashPolicy == SlashPolicy.Redirect || Mounts.Parent?.RedirectsSlashes == true;

    internal MountTree Mounts => field ??= new MountTree(this);

    /// <summary>
    /// Adds a middleware, which runs around the handler of every route of this application and of
    /// those mounted in it, and around the responses that are generated for paths below its prefix,
    /// such as 404 and 405 (aiohttp: <c>middlewares</c>). It gets the request and the next handler,
    /// and returns a response. The first one added is the outermost.
    /// </summary>
    /// <param name="middleware">
    /// The middleware: <c>async (request, next) => await next(request)</c> passes everything on;
    /// <c>(request, next) => next(request)</c> does so without a frame of its own.
    /// </param>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    [OverloadResolutionPriority(1)]
    public Application Use(Func<Request, Handler, Coroutine<Response>> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        ThrowIfFrozen("the middleware");
        _middleware.Add(middleware);
        return this;
    }

    /// <summary>
    /// Adds a middleware that is a plain async method; it also runs on the loop thread.
    /// </summary>
    /// <inheritdoc cref="Use(Func{Request, Handler, Coroutine{Response}})"/>
    public Application Use(Func<Request, Handler, Task<Response>> middleware) =>
        Use(Middleware.Adapt(middleware));

    /// <summary>The measurements of a server, whether asked for or not.</summary>
    internal LoopThieves OwnThieves { get; } = new();

    /// <summary>
    /// What guards do before the head of a response, by kind of guard. Only the nearest of a kind
    /// runs, before the hooks of the applications.
    /// </summary>
    internal Dictionary<Type, Action<Request?, Response>> Guards { get; } = [];

    /// <summary>What finds the endpoints, once the application is frozen.</summary>
    internal IRequestDispatcher? Dispatcher { get; set; }

    internal bool IsFrozen { get; private set; }

    /// <summary>The page of this application or of the nearest one around it.</summary>
    internal ErrorPage? NearestErrorPage => ErrorPage ?? Parent?.NearestErrorPage;

    /// <summary>A handler with the middleware of this application and of those around it.</summary>
    internal Handler Compose(Handler handler)
    {
        handler = Middleware.Around(_middleware, handler);
        return Mounts.Parent is { } parent ? parent.Compose(handler) : handler;
    }

    internal void Freeze()
    {
        IsFrozen = true;
        DefaultHeaders.Freeze(TooLate(nameof(DefaultHeaders)));
    }

    internal void ThrowIfFrozen(string what)
    {
        if (IsFrozen)
        {
            throw new InvalidOperationException(TooLate(what));
        }
    }

    private static string TooLate(string what) =>
        $"Too late to change {what}: the application is being served. "
        + "Do it before MakeHandler or Run.";
}

namespace Reactor.Http;

/// <summary>
/// Composes middleware around handlers. Done once for each endpoint, so that a request makes no
/// closure: a middleware costs two calls of delegates, and its frame comes from a pool.
/// </summary>
internal static class Middleware
{
    /// <summary>The handler itself if there is no middleware.</summary>
    public static Handler Around(
        IReadOnlyList<Func<Request, Handler, Coroutine<Response>>> middleware, Handler handler)
    {
        for (int i = middleware.Count - 1; i >= 0; i--)
        {
            handler = Around(middleware[i], handler);
        }

        return handler;
    }

    public static Func<Request, Handler, Coroutine<Response>> Adapt(
        Func<Request, Handler, Task<Response>> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        return Run;

        async Coroutine<Response> Run(Request request, Handler next) =>
            await AccountFlow.CallAsync(
                static call => call.Middleware(call.Request, call.Next),
                (Middleware: middleware, Request: request, Next: next));
    }

    private static Handler Around(
        Func<Request, Handler, Coroutine<Response>> middleware, Handler next) =>
        request => middleware(request, next);
}

using Microsoft.Extensions.DependencyInjection;
using Reactor.Http;

namespace Reactor.Hosting;

/// <summary>The services of a request: a scope of the host's, made when it is asked for.</summary>
public static class RequestServices
{
    private static readonly RequestKey<object> s_scope = new("service scope");
    private static readonly AppKey<IServiceProvider> s_root = new("services");

    /// <summary>
    /// Gives the requests of an application the services of a provider, as
    /// <c>AddReactorServer</c> does with those of the host. For tests and programs without a host;
    /// call it before other middleware is added. The provider is not disposed of.
    /// </summary>
    /// <param name="application">The outermost application; mounted ones see them too.</param>
    /// <param name="services">The provider, of which each request gets a scope.</param>
    /// <returns>The application.</returns>
    /// <exception cref="InvalidOperationException">
    /// The application is served already, or has services: the scope of a second call would end
    /// before the middleware between the two.
    /// </exception>
    public static Application UseServices(
        this Application application, IServiceProvider services)
    {
        ArgumentNullException.ThrowIfNull(application);
        ArgumentNullException.ThrowIfNull(services);
        if (application.State.TryGet(s_root, out _))
        {
            throw new InvalidOperationException(
                "The application has services already: call UseServices once. AddReactorServer "
                + "has called it for the application that it passes on.");
        }

        application.State.Set(s_root, services);
        application.Use(EndScopeAsync);
        return application;
    }

    /// <summary>
    /// The services of a request (ASP.NET: <c>RequestServices</c>). Scoped ones live until its
    /// handler and its middleware have ended, and are then disposed of, whatever ended the handler,
    /// before the response is sent. Loop thread only.
    /// </summary>
    /// <remarks>
    /// The container disposes of them in the reverse order of their making, beginning on the loop
    /// thread. After a <c>DisposeAsync</c> that waits it goes on with the next on another thread:
    /// what only the loop thread may touch must not be made before such a service.
    /// </remarks>
    /// <param name="request">
    /// The request, of an application of <c>AddReactorServer</c> or <c>UseServices</c>.
    /// </param>
    /// <exception cref="InvalidOperationException">
    /// The handler and its middleware have ended, so that nothing would dispose of the services, or
    /// the application has none.
    /// </exception>
    public static IServiceProvider GetServices(this Request request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (!request.GetApplication().State.TryGet(s_root, out IServiceProvider? root))
        {
            throw new InvalidOperationException(
                "The application has no services: add it to a host with AddReactorServer, or call "
                + "UseServices.");
        }

        if (!request.Context.HasServices)
        {
            throw new InvalidOperationException(
                "The handler of the request has ended, and its services with it: ask for them "
                + "before. Or a middleware asks that was added before UseServices.");
        }

        if (request.State.TryGet(s_scope, out object? kept))
        {
            return ((AsyncServiceScope)kept).ServiceProvider;
        }

        AsyncServiceScope scope = root.CreateAsyncScope();
        request.State.Set(s_scope, scope);
        return scope.ServiceProvider;
    }

    /// <summary>The outermost middleware: ends the scope of the request.</summary>
    private static async Coroutine<Response> EndScopeAsync(Request request, Handler next)
    {
        RequestContext context = request.Context;
        context.HasServices = true;
        bool hasFailed = true;
        try
        {
            Response response = await next(request);
            hasFailed = false;
            return response;
        }
        finally
        {
            context.HasServices = false;
            if (request.StateIfAny?.TryGet(s_scope, out object? kept) == true)
            {
                await DisposeAsync((AsyncServiceScope)kept!, hasFailed);
            }
        }
    }

    private static async Coroutine DisposeAsync(AsyncServiceScope scope, bool hasFailed)
    {
        try
        {
            await scope.DisposeAsync();
        }
        catch (Exception error) when (hasFailed
            && error is not LoopCanceledException and not LoopAbortException)
        {
            // The exception of the handler is the one that counts.
            EventLoop.Current.Report(new LoopErrorContext
            {
                Message = "Exception in the disposal of a request's services: catch it there.",
                Exception = error,
            });
        }
    }
}

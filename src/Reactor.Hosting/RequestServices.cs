using Microsoft.Extensions.DependencyInjection;
using Reactor.Http;

namespace Reactor.Hosting;

/// <summary>The services of a request: a scope of the host's, made when it is asked for.</summary>
public static class RequestServices
{
    private static readonly RequestKey<object> s_scope = new("service scope");

    /// <summary>The host's services, in the state of the outermost application.</summary>
    internal static AppKey<IServiceProvider> RootKey { get; } = new("services");

    /// <summary>
    /// The services of a request (ASP.NET: <c>RequestServices</c>). Scoped ones live until its
    /// handler and its middleware have ended, and are then disposed of on the loop thread, whatever
    /// ended the handler. Loop thread only.
    /// </summary>
    /// <param name="request">The request, of an application of <c>AddReactorServer</c>.</param>
    /// <exception cref="InvalidOperationException">
    /// The request has ended, or its application is not in a host.
    /// </exception>
    public static IServiceProvider GetServices(this Request request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.State.TryGet(s_scope, out object? kept))
        {
            return ((AsyncServiceScope)kept).ServiceProvider;
        }

        if (!request.GetApplication().State.TryGet(RootKey, out IServiceProvider? root))
        {
            throw new InvalidOperationException(
                "The application has no services: add it to a host with AddReactorServer.");
        }

        AsyncServiceScope scope = root.CreateAsyncScope();
        request.State.Set(s_scope, scope);
        return scope.ServiceProvider;
    }

    /// <summary>The outermost middleware: ends the scope of the request.</summary>
    internal static async Coroutine<Response> EndScopeAsync(Request request, Handler next)
    {
        try
        {
            return await next(request);
        }
        finally
        {
            if (request.StateIfAny?.TryGet(s_scope, out object? kept) == true)
            {
                await ((AsyncServiceScope)kept!).DisposeAsync();
            }
        }
    }
}

// The verbs of an application: one line each, in the three kinds of handlers. What they mean is
// documented at `Router.AddRoute`.
using System.Runtime.CompilerServices;

namespace Reactor.Http;

/// <content>Verbs that add routes; before the application is served.</content>
public sealed partial class Application
{
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

    /// <summary>Adds a route for HEAD, which else the one for GET serves.</summary>
    /// <inheritdoc cref="Router.AddRoute(string, string, Handler, RouteOptions)"/>
    [OverloadResolutionPriority(1)]
    public Route Head(string pattern, Handler handler, RouteOptions? options = null) =>
        Router.AddRoute("HEAD", pattern, handler, options);

    /// <inheritdoc cref="Head(string, Handler, RouteOptions)"/>
    public Route Head(string pattern, TaskHandler handler, RouteOptions? options = null) =>
        Router.AddRoute("HEAD", pattern, handler, options);

    /// <inheritdoc cref="Head(string, Handler, RouteOptions)"/>
    public Route Head(string pattern, SyncHandler handler, RouteOptions? options = null) =>
        Router.AddRoute("HEAD", pattern, handler, options);

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

    /// <summary>Adds a route for PATCH.</summary>
    /// <inheritdoc cref="Router.AddRoute(string, string, Handler, RouteOptions)"/>
    [OverloadResolutionPriority(1)]
    public Route Patch(string pattern, Handler handler, RouteOptions? options = null) =>
        Router.AddRoute("PATCH", pattern, handler, options);

    /// <inheritdoc cref="Patch(string, Handler, RouteOptions)"/>
    public Route Patch(string pattern, TaskHandler handler, RouteOptions? options = null) =>
        Router.AddRoute("PATCH", pattern, handler, options);

    /// <inheritdoc cref="Patch(string, Handler, RouteOptions)"/>
    public Route Patch(string pattern, SyncHandler handler, RouteOptions? options = null) =>
        Router.AddRoute("PATCH", pattern, handler, options);

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

    /// <summary>Adds a route for OPTIONS, which else is answered from the table.</summary>
    /// <inheritdoc cref="Router.AddRoute(string, string, Handler, RouteOptions)"/>
    [OverloadResolutionPriority(1)]
    public Route Options(string pattern, Handler handler, RouteOptions? options = null) =>
        Router.AddRoute("OPTIONS", pattern, handler, options);

    /// <inheritdoc cref="Options(string, Handler, RouteOptions)"/>
    public Route Options(string pattern, TaskHandler handler, RouteOptions? options = null) =>
        Router.AddRoute("OPTIONS", pattern, handler, options);

    /// <inheritdoc cref="Options(string, Handler, RouteOptions)"/>
    public Route Options(string pattern, SyncHandler handler, RouteOptions? options = null) =>
        Router.AddRoute("OPTIONS", pattern, handler, options);

    /// <summary>Adds a route for every method that has none, except TRACE.</summary>
    /// <inheritdoc cref="Router.AddRoute(string, string, Handler, RouteOptions)"/>
    [OverloadResolutionPriority(1)]
    public Route Any(string pattern, Handler handler, RouteOptions? options = null) =>
        Router.AddRoute("*", pattern, handler, options);

    /// <inheritdoc cref="Any(string, Handler, RouteOptions)"/>
    public Route Any(string pattern, TaskHandler handler, RouteOptions? options = null) =>
        Router.AddRoute("*", pattern, handler, options);

    /// <inheritdoc cref="Any(string, Handler, RouteOptions)"/>
    public Route Any(string pattern, SyncHandler handler, RouteOptions? options = null) =>
        Router.AddRoute("*", pattern, handler, options);

    /// <summary>Adds one route for several methods.</summary>
    /// <inheritdoc cref="Router.AddRoute(IReadOnlyList{string}, string, Handler, RouteOptions)"/>
    [OverloadResolutionPriority(1)]
    public Route Match(
        IReadOnlyList<string> methods, string pattern, Handler handler,
        RouteOptions? options = null) =>
        Router.AddRoute(methods, pattern, handler, options);

    /// <inheritdoc cref="Match(IReadOnlyList{string}, string, Handler, RouteOptions)"/>
    public Route Match(
        IReadOnlyList<string> methods, string pattern, TaskHandler handler,
        RouteOptions? options = null) =>
        Router.AddRoute(methods, pattern, handler, options);

    /// <inheritdoc cref="Match(IReadOnlyList{string}, string, Handler, RouteOptions)"/>
    public Route Match(
        IReadOnlyList<string> methods, string pattern, SyncHandler handler,
        RouteOptions? options = null) =>
        Router.AddRoute(methods, pattern, handler, options);
}

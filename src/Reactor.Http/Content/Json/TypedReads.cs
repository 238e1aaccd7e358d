using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace Reactor.Http;

/// <summary>
/// The verbs for typed handlers without content: one line each, in the three kinds of handlers.
/// </summary>
/// <remarks>One thread, before the application is served. See <see cref="TypedRoutes"/>.</remarks>
public static class TypedReads
{
    extension(Application application)
    {
        /// <summary>Adds a route for GET and HEAD that returns a value of JSON.</summary>
        /// <inheritdoc cref="TypedRoutes.extension(Router).AddRoute{TOut}(string, string,
        /// JsonTypeInfo{TOut}, Func{Request, Coroutine{TOut}}, int, RouteOptions)"/>
        [OverloadResolutionPriority(1)]
        public Route Get<TOut>(
            string pattern, JsonTypeInfo<TOut> output,
            Func<Request, Coroutine<TOut>> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute("GET", pattern, output, handler, status, options);

        /// <inheritdoc cref="extension(Application).Get{TOut}(string,
        /// JsonTypeInfo{TOut}, Func{Request, Coroutine{TOut}}, int, RouteOptions)"/>
        public Route Get<TOut>(
            string pattern, JsonTypeInfo<TOut> output,
            Func<Request, Task<TOut>> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute("GET", pattern, output, handler, status, options);

        /// <inheritdoc cref="extension(Application).Get{TOut}(string,
        /// JsonTypeInfo{TOut}, Func{Request, Coroutine{TOut}}, int, RouteOptions)"/>
        public Route Get<TOut>(
            string pattern, JsonTypeInfo<TOut> output,
            Func<Request, TOut?> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute("GET", pattern, output, handler, status, options);

        /// <summary>Adds a route for DELETE that returns a value of JSON.</summary>
        /// <inheritdoc cref="TypedRoutes.extension(Router).AddRoute{TOut}(string, string,
        /// JsonTypeInfo{TOut}, Func{Request, Coroutine{TOut}}, int, RouteOptions)"/>
        [OverloadResolutionPriority(1)]
        public Route Delete<TOut>(
            string pattern, JsonTypeInfo<TOut> output,
            Func<Request, Coroutine<TOut>> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute("DELETE", pattern, output, handler, status, options);

        /// <inheritdoc cref="extension(Application).Delete{TOut}(string,
        /// JsonTypeInfo{TOut}, Func{Request, Coroutine{TOut}}, int, RouteOptions)"/>
        public Route Delete<TOut>(
            string pattern, JsonTypeInfo<TOut> output,
            Func<Request, Task<TOut>> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute("DELETE", pattern, output, handler, status, options);

        /// <inheritdoc cref="extension(Application).Delete{TOut}(string,
        /// JsonTypeInfo{TOut}, Func{Request, Coroutine{TOut}}, int, RouteOptions)"/>
        public Route Delete<TOut>(
            string pattern, JsonTypeInfo<TOut> output,
            Func<Request, TOut?> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute("DELETE", pattern, output, handler, status, options);
    }
}

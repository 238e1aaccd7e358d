using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace Reactor.Http;

/// <summary>
/// The verbs for typed handlers that take content: one line each, in the three kinds of handlers.
/// </summary>
/// <remarks>One thread, before the application is served. See <see cref="TypedRoutes"/>.</remarks>
public static class TypedVerbs
{
    extension(Application application)
    {
        /// <summary>Adds a route for POST that takes a value and returns another.</summary>
        /// <inheritdoc cref="TypedRoutes.extension(Router).AddRoute{TIn, TOut}(string,
        /// string, JsonTypeInfo{TIn}, JsonTypeInfo{TOut}, Func{Request, TIn, Coroutine{TOut}}, int,
        /// RouteOptions)"/>
        [OverloadResolutionPriority(1)]
        public Route Post<TIn, TOut>(
            string pattern, JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output,
            Func<Request, TIn, Coroutine<TOut>> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute(
                "POST", pattern, input, output, handler, status, options);

        /// <inheritdoc cref="extension(Application).Post{TIn, TOut}(string,
        /// JsonTypeInfo{TIn}, JsonTypeInfo{TOut}, Func{Request, TIn, Coroutine{TOut}}, int,
        /// RouteOptions)"/>
        public Route Post<TIn, TOut>(
            string pattern, JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output,
            Func<Request, TIn, Task<TOut>> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute(
                "POST", pattern, input, output, handler, status, options);

        /// <inheritdoc cref="extension(Application).Post{TIn, TOut}(string,
        /// JsonTypeInfo{TIn}, JsonTypeInfo{TOut}, Func{Request, TIn, Coroutine{TOut}}, int,
        /// RouteOptions)"/>
        public Route Post<TIn, TOut>(
            string pattern, JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output,
            Func<Request, TIn, TOut?> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute(
                "POST", pattern, input, output, handler, status, options);

        /// <summary>Adds a route for POST that takes a value of JSON.</summary>
        /// <inheritdoc cref="TypedRoutes.extension(Router).AddRoute{TIn}(string, string,
        /// JsonTypeInfo{TIn}, Func{Request, TIn, Coroutine{Response}}, RouteOptions)"/>
        [OverloadResolutionPriority(1)]
        public Route Post<TIn>(
            string pattern, JsonTypeInfo<TIn> input,
            Func<Request, TIn, Coroutine<Response>> handler, RouteOptions? options = null) =>
            application.Router.AddRoute("POST", pattern, input, handler, options);

        /// <inheritdoc cref="extension(Application).Post{TIn}(string,
        /// JsonTypeInfo{TIn}, Func{Request, TIn, Coroutine{Response}}, RouteOptions)"/>
        public Route Post<TIn>(
            string pattern, JsonTypeInfo<TIn> input,
            Func<Request, TIn, Task<Response>> handler, RouteOptions? options = null) =>
            application.Router.AddRoute("POST", pattern, input, handler, options);

        /// <inheritdoc cref="extension(Application).Post{TIn}(string,
        /// JsonTypeInfo{TIn}, Func{Request, TIn, Coroutine{Response}}, RouteOptions)"/>
        public Route Post<TIn>(
            string pattern, JsonTypeInfo<TIn> input,
            Func<Request, TIn, Response> handler, RouteOptions? options = null) =>
            application.Router.AddRoute("POST", pattern, input, handler, options);

        /// <summary>Adds a route for POST that returns a value of JSON.</summary>
        /// <inheritdoc cref="TypedRoutes.extension(Router).AddRoute{TOut}(string, string,
        /// JsonTypeInfo{TOut}, Func{Request, Coroutine{TOut}}, int, RouteOptions)"/>
        [OverloadResolutionPriority(1)]
        public Route Post<TOut>(
            string pattern, JsonTypeInfo<TOut> output,
            Func<Request, Coroutine<TOut>> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute("POST", pattern, output, handler, status, options);

        /// <inheritdoc cref="extension(Application).Post{TOut}(string,
        /// JsonTypeInfo{TOut}, Func{Request, Coroutine{TOut}}, int, RouteOptions)"/>
        public Route Post<TOut>(
            string pattern, JsonTypeInfo<TOut> output,
            Func<Request, Task<TOut>> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute("POST", pattern, output, handler, status, options);

        /// <inheritdoc cref="extension(Application).Post{TOut}(string,
        /// JsonTypeInfo{TOut}, Func{Request, Coroutine{TOut}}, int, RouteOptions)"/>
        public Route Post<TOut>(
            string pattern, JsonTypeInfo<TOut> output,
            Func<Request, TOut?> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute("POST", pattern, output, handler, status, options);

        /// <summary>Adds a route for PUT that takes a value and returns another.</summary>
        /// <inheritdoc cref="TypedRoutes.extension(Router).AddRoute{TIn, TOut}(string,
        /// string, JsonTypeInfo{TIn}, JsonTypeInfo{TOut}, Func{Request, TIn, Coroutine{TOut}}, int,
        /// RouteOptions)"/>
        [OverloadResolutionPriority(1)]
        public Route Put<TIn, TOut>(
            string pattern, JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output,
            Func<Request, TIn, Coroutine<TOut>> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute(
                "PUT", pattern, input, output, handler, status, options);

        /// <inheritdoc cref="extension(Application).Put{TIn, TOut}(string,
        /// JsonTypeInfo{TIn}, JsonTypeInfo{TOut}, Func{Request, TIn, Coroutine{TOut}}, int,
        /// RouteOptions)"/>
        public Route Put<TIn, TOut>(
            string pattern, JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output,
            Func<Request, TIn, Task<TOut>> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute(
                "PUT", pattern, input, output, handler, status, options);

        /// <inheritdoc cref="extension(Application).Put{TIn, TOut}(string,
        /// JsonTypeInfo{TIn}, JsonTypeInfo{TOut}, Func{Request, TIn, Coroutine{TOut}}, int,
        /// RouteOptions)"/>
        public Route Put<TIn, TOut>(
            string pattern, JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output,
            Func<Request, TIn, TOut?> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute(
                "PUT", pattern, input, output, handler, status, options);

        /// <summary>Adds a route for PUT that takes a value of JSON.</summary>
        /// <inheritdoc cref="TypedRoutes.extension(Router).AddRoute{TIn}(string, string,
        /// JsonTypeInfo{TIn}, Func{Request, TIn, Coroutine{Response}}, RouteOptions)"/>
        [OverloadResolutionPriority(1)]
        public Route Put<TIn>(
            string pattern, JsonTypeInfo<TIn> input,
            Func<Request, TIn, Coroutine<Response>> handler, RouteOptions? options = null) =>
            application.Router.AddRoute("PUT", pattern, input, handler, options);

        /// <inheritdoc cref="extension(Application).Put{TIn}(string,
        /// JsonTypeInfo{TIn}, Func{Request, TIn, Coroutine{Response}}, RouteOptions)"/>
        public Route Put<TIn>(
            string pattern, JsonTypeInfo<TIn> input,
            Func<Request, TIn, Task<Response>> handler, RouteOptions? options = null) =>
            application.Router.AddRoute("PUT", pattern, input, handler, options);

        /// <inheritdoc cref="extension(Application).Put{TIn}(string,
        /// JsonTypeInfo{TIn}, Func{Request, TIn, Coroutine{Response}}, RouteOptions)"/>
        public Route Put<TIn>(
            string pattern, JsonTypeInfo<TIn> input,
            Func<Request, TIn, Response> handler, RouteOptions? options = null) =>
            application.Router.AddRoute("PUT", pattern, input, handler, options);

        /// <summary>Adds a route for PUT that returns a value of JSON.</summary>
        /// <inheritdoc cref="TypedRoutes.extension(Router).AddRoute{TOut}(string, string,
        /// JsonTypeInfo{TOut}, Func{Request, Coroutine{TOut}}, int, RouteOptions)"/>
        [OverloadResolutionPriority(1)]
        public Route Put<TOut>(
            string pattern, JsonTypeInfo<TOut> output,
            Func<Request, Coroutine<TOut>> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute("PUT", pattern, output, handler, status, options);

        /// <inheritdoc cref="extension(Application).Put{TOut}(string,
        /// JsonTypeInfo{TOut}, Func{Request, Coroutine{TOut}}, int, RouteOptions)"/>
        public Route Put<TOut>(
            string pattern, JsonTypeInfo<TOut> output,
            Func<Request, Task<TOut>> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute("PUT", pattern, output, handler, status, options);

        /// <inheritdoc cref="extension(Application).Put{TOut}(string,
        /// JsonTypeInfo{TOut}, Func{Request, Coroutine{TOut}}, int, RouteOptions)"/>
        public Route Put<TOut>(
            string pattern, JsonTypeInfo<TOut> output,
            Func<Request, TOut?> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute("PUT", pattern, output, handler, status, options);

        /// <summary>Adds a route for PATCH that takes a value and returns another.</summary>
        /// <inheritdoc cref="TypedRoutes.extension(Router).AddRoute{TIn, TOut}(string,
        /// string, JsonTypeInfo{TIn}, JsonTypeInfo{TOut}, Func{Request, TIn, Coroutine{TOut}}, int,
        /// RouteOptions)"/>
        [OverloadResolutionPriority(1)]
        public Route Patch<TIn, TOut>(
            string pattern, JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output,
            Func<Request, TIn, Coroutine<TOut>> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute(
                "PATCH", pattern, input, output, handler, status, options);

        /// <inheritdoc cref="extension(Application).Patch{TIn, TOut}(string,
        /// JsonTypeInfo{TIn}, JsonTypeInfo{TOut}, Func{Request, TIn, Coroutine{TOut}}, int,
        /// RouteOptions)"/>
        public Route Patch<TIn, TOut>(
            string pattern, JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output,
            Func<Request, TIn, Task<TOut>> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute(
                "PATCH", pattern, input, output, handler, status, options);

        /// <inheritdoc cref="extension(Application).Patch{TIn, TOut}(string,
        /// JsonTypeInfo{TIn}, JsonTypeInfo{TOut}, Func{Request, TIn, Coroutine{TOut}}, int,
        /// RouteOptions)"/>
        public Route Patch<TIn, TOut>(
            string pattern, JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output,
            Func<Request, TIn, TOut?> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute(
                "PATCH", pattern, input, output, handler, status, options);

        /// <summary>Adds a route for PATCH that takes a value of JSON.</summary>
        /// <inheritdoc cref="TypedRoutes.extension(Router).AddRoute{TIn}(string, string,
        /// JsonTypeInfo{TIn}, Func{Request, TIn, Coroutine{Response}}, RouteOptions)"/>
        [OverloadResolutionPriority(1)]
        public Route Patch<TIn>(
            string pattern, JsonTypeInfo<TIn> input,
            Func<Request, TIn, Coroutine<Response>> handler, RouteOptions? options = null) =>
            application.Router.AddRoute("PATCH", pattern, input, handler, options);

        /// <inheritdoc cref="extension(Application).Patch{TIn}(string,
        /// JsonTypeInfo{TIn}, Func{Request, TIn, Coroutine{Response}}, RouteOptions)"/>
        public Route Patch<TIn>(
            string pattern, JsonTypeInfo<TIn> input,
            Func<Request, TIn, Task<Response>> handler, RouteOptions? options = null) =>
            application.Router.AddRoute("PATCH", pattern, input, handler, options);

        /// <inheritdoc cref="extension(Application).Patch{TIn}(string,
        /// JsonTypeInfo{TIn}, Func{Request, TIn, Coroutine{Response}}, RouteOptions)"/>
        public Route Patch<TIn>(
            string pattern, JsonTypeInfo<TIn> input,
            Func<Request, TIn, Response> handler, RouteOptions? options = null) =>
            application.Router.AddRoute("PATCH", pattern, input, handler, options);

        /// <summary>Adds a route for PATCH that returns a value of JSON.</summary>
        /// <inheritdoc cref="TypedRoutes.extension(Router).AddRoute{TOut}(string, string,
        /// JsonTypeInfo{TOut}, Func{Request, Coroutine{TOut}}, int, RouteOptions)"/>
        [OverloadResolutionPriority(1)]
        public Route Patch<TOut>(
            string pattern, JsonTypeInfo<TOut> output,
            Func<Request, Coroutine<TOut>> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute("PATCH", pattern, output, handler, status, options);

        /// <inheritdoc cref="extension(Application).Patch{TOut}(string,
        /// JsonTypeInfo{TOut}, Func{Request, Coroutine{TOut}}, int, RouteOptions)"/>
        public Route Patch<TOut>(
            string pattern, JsonTypeInfo<TOut> output,
            Func<Request, Task<TOut>> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute("PATCH", pattern, output, handler, status, options);

        /// <inheritdoc cref="extension(Application).Patch{TOut}(string,
        /// JsonTypeInfo{TOut}, Func{Request, Coroutine{TOut}}, int, RouteOptions)"/>
        public Route Patch<TOut>(
            string pattern, JsonTypeInfo<TOut> output,
            Func<Request, TOut?> handler, int status = 200,
            RouteOptions? options = null) =>
            application.Router.AddRoute("PATCH", pattern, output, handler, status, options);
    }
}

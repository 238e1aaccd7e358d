using System.Runtime.CompilerServices;
using System.Text.Json.Serialization.Metadata;

namespace Reactor.Http;

/// <summary>
/// Adds routes whose handlers take a value of JSON, return one, or both. The metadata of the types
/// also describes the route, for documents such as OpenAPI.
/// </summary>
/// <remarks>
/// <para>
/// One thread, before the application is served. The content is read as by <c>JsonAsync</c>: 415,
/// 413, 400 and, of an <see cref="IValidatable"/>, 422 are answered before the handler runs.
/// </para>
/// <para>
/// A result of null is answered with 404: there is no such resource. For other responses throw an
/// <see cref="HttpException"/>, or return a <see cref="Response"/>.
/// </para>
/// </remarks>
public static class TypedRoutes
{
    extension(Router router)
    {
        /// <summary>Adds a route whose handler takes a value of JSON and returns another.</summary>
        /// <param name="method">The method, in upper case.</param>
        /// <param name="pattern">The pattern.</param>
        /// <param name="input">The type of the content, by the source generator.</param>
        /// <param name="output">The type of the result, by the source generator.</param>
        /// <param name="handler">The handler; null is answered with 404.</param>
        /// <param name="status">The status code of the response.</param>
        /// <param name="options">Options that differ from the server's.</param>
        /// <exception cref="ArgumentException">
        /// The method or the pattern is malformed, or conflicts with another route; or a response
        /// of the status has no content.
        /// </exception>
        /// <exception cref="InvalidOperationException">The application is being served.</exception>
        [OverloadResolutionPriority(1)]
        public Route AddRoute<TIn, TOut>(
            string method, string pattern, JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output,
            Func<Request, TIn, Coroutine<TOut>> handler, int status = 200,
            RouteOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            ArgumentNullException.ThrowIfNull(output);
            ArgumentNullException.ThrowIfNull(handler);
            return router.AddRoute(
                    method, pattern, TypedHandlers.Make(input, output, status, handler), options)
                .Accepts(input)
                .Produces(status, output);
        }

        /// <inheritdoc cref="extension(Router).AddRoute{TIn, TOut}(string, string,
        /// JsonTypeInfo{TIn}, JsonTypeInfo{TOut}, Func{Request, TIn, Coroutine{TOut}}, int,
        /// RouteOptions)"/>
        public Route AddRoute<TIn, TOut>(
            string method, string pattern, JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output,
            Func<Request, TIn, Task<TOut>> handler, int status = 200,
            RouteOptions? options = null) => router.AddRoute(
            method, pattern, input, output, TypedHandlers.Adapt(handler), status, options);

        /// <inheritdoc cref="extension(Router).AddRoute{TIn, TOut}(string, string,
        /// JsonTypeInfo{TIn}, JsonTypeInfo{TOut}, Func{Request, TIn, Coroutine{TOut}}, int,
        /// RouteOptions)"/>
        public Route AddRoute<TIn, TOut>(
            string method, string pattern, JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output,
            Func<Request, TIn, TOut?> handler, int status = 200,
            RouteOptions? options = null) => router.AddRoute(
            method, pattern, input, output, TypedHandlers.Adapt(handler), status, options);

        /// <summary>
        /// Adds a route whose handler takes a value of JSON and makes its response itself.
        /// </summary>
        /// <inheritdoc cref="extension(Router).AddRoute{TIn, TOut}(string, string,
        /// JsonTypeInfo{TIn}, JsonTypeInfo{TOut}, Func{Request, TIn, Coroutine{TOut}}, int,
        /// RouteOptions)"/>
        [OverloadResolutionPriority(1)]
        public Route AddRoute<TIn>(
            string method, string pattern, JsonTypeInfo<TIn> input,
            Func<Request, TIn, Coroutine<Response>> handler, RouteOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(input);
            ArgumentNullException.ThrowIfNull(handler);
            return router.AddRoute(method, pattern, TypedHandlers.Make(input, handler), options)
                .Accepts(input);
        }

        /// <inheritdoc cref="extension(Router).AddRoute{TIn}(string, string,
        /// JsonTypeInfo{TIn}, Func{Request, TIn, Coroutine{Response}}, RouteOptions)"/>
        public Route AddRoute<TIn>(
            string method, string pattern, JsonTypeInfo<TIn> input,
            Func<Request, TIn, Task<Response>> handler, RouteOptions? options = null) =>
            router.AddRoute(method, pattern, input, TypedHandlers.Adapt(handler), options);

        /// <inheritdoc cref="extension(Router).AddRoute{TIn}(string, string,
        /// JsonTypeInfo{TIn}, Func{Request, TIn, Coroutine{Response}}, RouteOptions)"/>
        public Route AddRoute<TIn>(
            string method, string pattern, JsonTypeInfo<TIn> input,
            Func<Request, TIn, Response> handler, RouteOptions? options = null) =>
            router.AddRoute(method, pattern, input, TypedHandlers.Adapt(handler), options);

        /// <summary>Adds a route whose handler returns a value of JSON.</summary>
        /// <inheritdoc cref="extension(Router).AddRoute{TIn, TOut}(string, string,
        /// JsonTypeInfo{TIn}, JsonTypeInfo{TOut}, Func{Request, TIn, Coroutine{TOut}}, int,
        /// RouteOptions)"/>
        [OverloadResolutionPriority(1)]
        public Route AddRoute<TOut>(
            string method, string pattern, JsonTypeInfo<TOut> output,
            Func<Request, Coroutine<TOut>> handler, int status = 200, RouteOptions? options = null)
        {
            ArgumentNullException.ThrowIfNull(output);
            ArgumentNullException.ThrowIfNull(handler);
            return router.AddRoute(
                    method, pattern, TypedHandlers.Make(output, status, handler), options)
                .Produces(status, output);
        }

        /// <inheritdoc cref="extension(Router).AddRoute{TOut}(string, string,
        /// JsonTypeInfo{TOut}, Func{Request, Coroutine{TOut}}, int, RouteOptions)"/>
        public Route AddRoute<TOut>(
            string method, string pattern, JsonTypeInfo<TOut> output,
            Func<Request, Task<TOut>> handler, int status = 200, RouteOptions? options = null) =>
            router.AddRoute(
                method, pattern, output, TypedHandlers.Adapt(handler), status, options);

        /// <inheritdoc cref="extension(Router).AddRoute{TOut}(string, string,
        /// JsonTypeInfo{TOut}, Func{Request, Coroutine{TOut}}, int, RouteOptions)"/>
        public Route AddRoute<TOut>(
            string method, string pattern, JsonTypeInfo<TOut> output,
            Func<Request, TOut?> handler, int status = 200, RouteOptions? options = null) =>
            router.AddRoute(
                method, pattern, output, TypedHandlers.Adapt(handler), status, options);
    }
}

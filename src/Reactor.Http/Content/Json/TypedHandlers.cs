using System.Text.Json.Serialization.Metadata;

namespace Reactor.Http;

/// <summary>
/// Makes handlers of functions on values: the content is read before the call, and the result is
/// written after it. A request costs the JSON and a pooled frame.
/// </summary>
internal static class TypedHandlers
{
    /// <summary>Reads a value, and writes the result.</summary>
    public static Handler Make<TIn, TOut>(
        JsonTypeInfo<TIn> input, JsonTypeInfo<TOut> output, int status,
        Func<Request, TIn, Coroutine<TOut>> handler)
    {
        ThrowIfWithoutContent(status);
        return Run;

        async Coroutine<Response> Run(Request request) =>
            Answer(await handler(request, await request.JsonAsync(input)), output, status);
    }

    /// <summary>Reads a value.</summary>
    public static Handler Make<TIn>(
        JsonTypeInfo<TIn> input, Func<Request, TIn, Coroutine<Response>> handler)
    {
        return Run;

        async Coroutine<Response> Run(Request request) =>
            await handler(request, await request.JsonAsync(input));
    }

    /// <summary>Writes the result.</summary>
    public static Handler Make<TOut>(
        JsonTypeInfo<TOut> output, int status, Func<Request, Coroutine<TOut>> handler)
    {
        ThrowIfWithoutContent(status);
        return Run;

        async Coroutine<Response> Run(Request request) =>
            Answer(await handler(request), output, status);
    }

    public static Func<Request, TIn, Coroutine<T>> Adapt<TIn, T>(
        Func<Request, TIn, Task<T>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Run;

        async Coroutine<T> Run(Request request, TIn value) => await AccountFlow.CallAsync(
            static call => call.Handler(call.Request, call.Value),
            (Handler: handler, Request: request, Value: value));
    }

    public static Func<Request, Coroutine<T>> Adapt<T>(Func<Request, Task<T>> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Run;

        async Coroutine<T> Run(Request request) => await AccountFlow.CallAsync(handler, request);
    }

#pragma warning disable CS1998 // an exception must come from the await
    public static Func<Request, TIn, Coroutine<T>> Adapt<TIn, T>(Func<Request, TIn, T?> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Run;

        async Coroutine<T> Run(Request request, TIn value) => handler(request, value)!;
    }

    public static Func<Request, Coroutine<T>> Adapt<T>(Func<Request, T?> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return Run;

        async Coroutine<T> Run(Request request) => handler(request)!;
    }
#pragma warning restore CS1998

    // Before the route is added (RFC 9110 6.4.1, 15.3.6).
    public static void ThrowIfWithoutContent(int status)
    {
        if (status is < 200 or > 599 or 204 or 205 or 304)
        {
            throw new ArgumentOutOfRangeException(
                nameof(status), status, "A response of this status has no content.");
        }
    }

    private static Response Answer<T>(T value, JsonTypeInfo<T> output, int status) =>
        value is null ? throw HttpException.NotFound() : Response.Json(value, output, status);
}

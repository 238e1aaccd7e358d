using System.Runtime.CompilerServices;

namespace Reactor.Http;

/// <summary>
/// Answers requests beyond a rate with 429 and Retry-After (RFC 6585 4), by client address or by
/// another key. A refused request takes no token.
/// </summary>
/// <remarks>
/// Each loop counts for itself, on loop time: with several loops a client has up to so many times
/// the rate. One thread sets it up; it then runs on the loop.
/// </remarks>
public static class RateLimit
{
    /// <summary>Limits an application with all that is mounted in it, under one count.</summary>
    /// <param name="application">The application.</param>
    /// <param name="options">The rate.</param>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    public static Application UseRateLimit(this Application application, RateLimitOptions options)
    {
        ArgumentNullException.ThrowIfNull(application);
        return application.Use(new RateLimiter(options).RunAsync);
    }

    /// <summary>Limits a route, by a count of its own.</summary>
    /// <param name="route">The route.</param>
    /// <param name="options">The rate.</param>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    public static Route UseRateLimit(this Route route, RateLimitOptions options)
    {
        ArgumentNullException.ThrowIfNull(route);
        return route.Use(new RateLimiter(options).RunAsync);
    }
}

/// <summary>The buckets of each loop.</summary>
internal sealed class RateLimiter
{
    private readonly ConditionalWeakTable<EventLoop, TokenBuckets> _buckets = [];
    private readonly ConditionalWeakTable<EventLoop, TokenBuckets>.CreateValueCallback _make;
    private readonly RateLimitOptions _options;

    public RateLimiter(RateLimitOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _make = _ => new TokenBuckets(
            options.Requests, options.Window.Ticks, options.Burst ?? options.Requests,
            options.KeysMax);
    }

    public Coroutine<Response> RunAsync(Request request, Handler next)
    {
        if (_options.KeyOf(request) is not { } key)
        {
            return next(request);
        }

        EventLoop loop = request.Loop;
        long wait = _buckets.GetValue(loop, _make).Take(key, loop.TurnTime.Ticks);
        return wait == 0 ? next(request) : GuardFields.RefuseAsync(
            request, HttpException.TooManyRequests(
                TimeSpan.FromTicks(wait), "You have sent too many requests."));
    }
}

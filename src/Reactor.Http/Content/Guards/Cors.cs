using System.Globalization;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// Lets pages of other origins read responses (CORS, the Fetch standard 3.3; aiohttp:
/// <c>aiohttp_cors</c>). Preflights are answered with 204, before routes and methods are looked at.
/// A response for another origin is sent without the fields, so that its browser hides it: CORS
/// keeps no request away from a handler (<see cref="CsrfProtection"/> does).
/// </summary>
/// <remarks>
/// Every response has <c>Vary: Origin</c>, also without an origin and of an error, so that no cache
/// gives one origin what was made for another. One thread sets it up; it then runs on the loop.
/// </remarks>
public static class Cors
{
    /// <summary>
    /// Adds CORS to an application with all that is mounted in it. Of several policies the one
    /// nearest to the route decides, alone, also about preflights and about responses that the
    /// server generates.
    /// </summary>
    /// <param name="application">The application.</param>
    /// <param name="options">What is allowed.</param>
    /// <exception cref="ArgumentException">
    /// Nothing is allowed, or <c>*</c> stands beside credentials.
    /// </exception>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    public static Application UseCors(this Application application, CorsOptions options)
    {
        ArgumentNullException.ThrowIfNull(application);
        var policy = new CorsPolicy(application, options);
        application.Use(CorsPolicy.RunAsync);
        application.Guards[typeof(CorsPolicy)] = policy.Prepare;
        return application;
    }

    /// <summary>
    /// Adds CORS to a route, in place of that of its applications: to every response to a request
    /// for its path and methods, also one that the server generates. Preflights are requests of
    /// OPTIONS: a route that needs them is made by <c>Match(["PUT", "OPTIONS"], …)</c>.
    /// </summary>
    /// <param name="route">The route.</param>
    /// <param name="options">What is allowed.</param>
    /// <inheritdoc cref="UseCors(Application, CorsOptions)" path="/exception"/>
    public static Route UseCors(this Route route, CorsOptions options)
    {
        ArgumentNullException.ThrowIfNull(route);
        var policy = new CorsPolicy(route.Application, options);
        route.Use(CorsPolicy.RunAsync);
        route.Guards[typeof(CorsPolicy)] = policy.Prepare;
        return route;
    }
}

/// <summary>Applies CORS options to requests and responses.</summary>
internal sealed class CorsPolicy
{
    private static readonly string[] s_fields =
    [
        "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials",
        "Access-Control-Allow-Methods", "Access-Control-Allow-Headers",
        "Access-Control-Expose-Headers", "Access-Control-Max-Age",
    ];

    private readonly Application _application;
    private readonly CorsOptions _options;
    private readonly HashSet<string> _origins;
    private readonly bool _isOpen;
    private readonly string _methods;
    private readonly string _headers;
    private readonly string _exposed;
    private readonly string? _age;

    public CorsPolicy(Application application, CorsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.ThrowIfContradictory();
        _application = application;
        _options = options;
        _isOpen = options.Origins is [CorsOptions.Any];
        _origins = new HashSet<string>(options.Origins, StringComparer.Ordinal);
        _methods = string.Join(", ", options.Methods);
        _headers = string.Join(", ", options.Headers);
        _exposed = string.Join(", ", options.ExposedHeaders);
        _age = options.MaxAge is { } age
            ? ((long)age.TotalSeconds).ToString(CultureInfo.InvariantCulture)
            : null;
    }

    /// <summary>Answers preflights, without fields: the nearest policy sets them.</summary>
    public static Coroutine<Response> RunAsync(Request request, Handler next) =>
        IsPreflight(request.Head) ? AcceptAsync() : next(request);

    /// <summary>Sets the fields of a response before its head is written.</summary>
    public void Prepare(Request? request, Response response)
    {
        Clear(response.Headers);
        Application application = request?.GetApplication() ?? _application;
        GuardFields.AddVary(application, response, "Origin");
        if (request is null)
        {
            return; // the head is malformed: nothing is known of its origin
        }

        if (request.Head.Method == KnownMethod.Options)
        {
            GuardFields.AddVary(
                application, response,
                "Access-Control-Request-Method", "Access-Control-Request-Headers");
        }

        // A handler that sets the field itself has a policy of its own.
        if (!response.Headers.Contains("Access-Control-Allow-Origin")
            && AllowedOrigin(request.Head) is { } origin)
        {
            Allow(response.Headers, origin, IsPreflight(request.Head));
        }
    }

    private static bool IsPreflight(RequestHead head) =>
        head.Method == KnownMethod.Options && head.Contains(KnownHeader.Origin)
        && head.TryGet("access-control-request-method"u8, out _);

#pragma warning disable CS1998 // a middleware returns a coroutine
    private static async Coroutine<Response> AcceptAsync() => new(204);
#pragma warning restore CS1998

    private string? AllowedOrigin(RequestHead head)
    {
        if (SerializedOrigin.Of(head) is not { } origin)
        {
            return null;
        }

        if (_isOpen)
        {
            return CorsOptions.Any;
        }

        return origin != SerializedOrigin.Opaque
            && (_origins.Contains(origin) || IsAllowed(origin))
            ? origin
            : null;
    }

    // What it threw here would take the fields of all guards from the response.
    private bool IsAllowed(string origin)
    {
        try
        {
            return _options.IsOriginAllowed?.Invoke(origin) == true;
        }
        catch (Exception error) when (error is not LoopCanceledException and not LoopAbortException)
        {
            EventLoop.Current.Report(new LoopErrorContext
            {
                Message = "Exception in CorsOptions.IsOriginAllowed: the origin was not allowed.",
                Exception = error,
            });
            return false;
        }
    }

    // A handler may return one response object many times: what it has from an earlier request is
    // not for this origin.
    private static void Clear(ResponseHeaders fields)
    {
        if (fields.HasCors)
        {
            fields.HasCors = false;
            foreach (string name in s_fields)
            {
                fields.Remove(name);
            }
        }
    }

    private void Allow(ResponseHeaders fields, string origin, bool isPreflight)
    {
        fields.HasCors = true;
        fields.Set("Access-Control-Allow-Origin", origin);
        if (_options.Credentials)
        {
            fields.Set("Access-Control-Allow-Credentials", "true");
        }

        if (!isPreflight)
        {
            SetUnlessEmpty(fields, "Access-Control-Expose-Headers", _exposed);
            return;
        }

        SetUnlessEmpty(fields, "Access-Control-Allow-Methods", _methods);
        SetUnlessEmpty(fields, "Access-Control-Allow-Headers", _headers);
        if (_age is not null)
        {
            fields.Set("Access-Control-Max-Age", _age);
        }
    }

    private static void SetUnlessEmpty(ResponseHeaders fields, string name, string value)
    {
        if (value.Length > 0)
        {
            fields.Set(name, value);
        }
    }
}

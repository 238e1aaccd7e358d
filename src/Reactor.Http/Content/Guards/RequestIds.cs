using System.Buffers;
using System.Diagnostics;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>Where the id of a request comes from and how it is sent back.</summary>
/// <remarks>Immutable; any thread. A wrong value throws where it is set.</remarks>
public sealed record RequestIdOptions
{
    /// <summary>The name of the field in requests and responses. Default X-Request-Id.</summary>
    /// <exception cref="ArgumentException">It is no field name.</exception>
    public string HeaderName
    {
        get;
        init
        {
            FieldRules.RequireName(value);
            field = value;
        }
    } = "X-Request-Id";

    /// <summary>
    /// Whether a client may choose the id, by the field or by the trace that it continues
    /// (<c>traceparent</c>). Set it only behind a proxy that sets both: another client could repeat
    /// the ids of foreign requests. Default false.
    /// </summary>
    public bool AcceptsClientId { get; init; }

    /// <summary>
    /// Characters of an id that a client chooses, 1 to 256; a longer one is replaced. Default 64.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of range.</exception>
    public int LengthMax
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 256);
            field = OptionValue.AtLeast(1, value);
        }
    } = 64;
}

/// <summary>
/// Gives every request an id, which its handler, its log lines and its client know: that of the
/// trace if there is one that no untrusted client began, else 128 random bits of the loop, in
/// lower-case hexadecimal.
/// </summary>
/// <remarks>
/// Also the response to a request that is refused before its handler runs has one, unless its head
/// was malformed. One thread sets it up; it then runs on the loop.
/// </remarks>
public static class RequestIds
{
    /// <summary>
    /// The id, in the state of a request; access records have it too, as
    /// <see cref="AccessRecord.RequestId"/>.
    /// </summary>
    public static RequestKey<string> Key => Request.IdKey;

    /// <summary>Gives the requests of an application ids.</summary>
    /// <param name="application">The application.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    public static Application UseRequestId(
        this Application application, RequestIdOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(application);
        var guard = new RequestIdGuard(options ?? new());
        application.OnResponsePrepare.Add(guard.Prepare);
        return application.Use(guard.RunAsync);
    }

    /// <summary>Gives the requests of a route ids, unless they have one.</summary>
    /// <param name="route">The route.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    public static Route UseRequestId(this Route route, RequestIdOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(route);
        return route.Use(new RequestIdGuard(options ?? new()).RunAsync);
    }
}

/// <summary>Chooses the id of a request and sends it back.</summary>
internal sealed class RequestIdGuard
{
    // The characters of the ids of proxies and trace systems. None ends a value or a log field.
    private static readonly SearchValues<byte> s_allowed = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-._~:/+="u8);

    private readonly RequestIdOptions _options;
    private readonly byte[] _name;
    private readonly Action<Request?, Response> _prepare;

    public RequestIdGuard(RequestIdOptions options)
    {
        _options = options;
        _name = System.Text.Encoding.ASCII.GetBytes(options.HeaderName);
        _prepare = Prepare;
    }

    public Coroutine<Response> RunAsync(Request request, Handler next)
    {
        IdOf(request);
        request.OnResponsePrepare(_prepare);
        return next(request);
    }

    public void Prepare(Request? request, Response response)
    {
        if (request is not null)
        {
            response.Headers.Set(_options.HeaderName, IdOf(request));
        }
    }

    private string IdOf(Request request)
    {
        if (!request.State.TryGet(RequestIds.Key, out string? id))
        {
            id = ClientId(request.Head) ?? Make(request.Loop);
            request.State.Set(RequestIds.Key, id);
        }

        return id;
    }

    private string? ClientId(RequestHead head)
    {
        if (!_options.AcceptsClientId)
        {
            return null;
        }

        string? id = null;
        foreach (ReadOnlySpan<byte> value in head.Values(_name))
        {
            bool isSound = id is null && !value.IsEmpty && value.Length <= _options.LengthMax
                && !value.ContainsAnyExcept(s_allowed);
            if (!isSound)
            {
                return null;
            }

            id = System.Text.Encoding.ASCII.GetString(value);
        }

        return id;
    }

    private string Make(EventLoop loop)
    {
        if (Activity.Current is { IdFormat: ActivityIdFormat.W3C } activity
            && (_options.AcceptsClientId || !IsOfClient(activity)))
        {
            return activity.TraceId.ToHexString();
        }

        Span<byte> bits = stackalloc byte[16];
        loop.Driver.Random.NextBytes(bits);
        return Convert.ToHexStringLower(bits);
    }

    // The id of a trace is that of its first span, and a client chose it if that is elsewhere.
    private static bool IsOfClient(Activity activity)
    {
        while (activity.Parent is { } parent)
        {
            activity = parent;
        }

        return activity.HasRemoteParent;
    }
}

using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>The schemes by which requests are authenticated, and the place of the user.</summary>
/// <remarks>Immutable; any thread.</remarks>
/// <typeparam name="TUser">What stands for a user.</typeparam>
public sealed record AuthenticationOptions<TUser> where TUser : class
{
    /// <summary>Where handlers find the user: <c>request.State.Get(key)</c>.</summary>
    public required RequestKey<TUser> UserKey { get; init; }

    /// <summary>
    /// The schemes, the preferred one first: at least one, each at most once. The name in the
    /// client's credentials selects the scheme.
    /// </summary>
    public required IReadOnlyList<AuthenticationScheme<TUser>> Schemes { get; init; }

    /// <summary>
    /// Whether requests without credentials reach the handler, without a user. Wrong credentials
    /// never do. Default false.
    /// </summary>
    public bool IsOptional { get; init; }
}

/// <summary>
/// Lets only requests with valid credentials reach a handler, and answers others with 401 and a
/// challenge of each scheme (RFC 9110 11). Whether a user may do something is for the handler, by
/// <see cref="HttpException.Forbidden"/>.
/// </summary>
/// <remarks>
/// Credentials are never logged and never sent back. One thread sets it up; it then runs on the
/// loop, before the body is read.
/// </remarks>
public static class Authentication
{
    /// <summary>Authenticates requests of an application and of what is mounted in it.</summary>
    /// <param name="application">The application.</param>
    /// <param name="options">How.</param>
    /// <typeparam name="TUser">What stands for a user.</typeparam>
    /// <exception cref="ArgumentException">There is no scheme, or one stands twice.</exception>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    public static Application UseAuthentication<TUser>(
        this Application application, AuthenticationOptions<TUser> options) where TUser : class
    {
        ArgumentNullException.ThrowIfNull(application);
        return application.Use(new AuthenticationGuard<TUser>(options).RunAsync);
    }

    /// <summary>Authenticates the requests of a route.</summary>
    /// <param name="route">The route.</param>
    /// <param name="options">How.</param>
    /// <typeparam name="TUser">What stands for a user.</typeparam>
    /// <inheritdoc cref="UseAuthentication{TUser}(Application, AuthenticationOptions{TUser})"
    /// path="/exception"/>
    public static Route UseAuthentication<TUser>(
        this Route route, AuthenticationOptions<TUser> options) where TUser : class
    {
        ArgumentNullException.ThrowIfNull(route);
        return route.Use(new AuthenticationGuard<TUser>(options).RunAsync);
    }
}

/// <summary>Reads Authorization, asks the scheme, and keeps the user.</summary>
internal sealed class AuthenticationGuard<TUser> where TUser : class
{
    private static readonly Action<Request?, Response> s_vary = (request, response) =>
        GuardFields.AddVary(request!.GetApplication(), response, "Authorization");

    private readonly RequestKey<TUser> _key;
    private readonly AuthenticationScheme<TUser>[] _schemes;
    private readonly bool _isOptional;

    public AuthenticationGuard(AuthenticationOptions<TUser> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(options.UserKey);
        ArgumentNullException.ThrowIfNull(options.Schemes);
        _key = options.UserKey;
        _schemes = [.. options.Schemes];
        _isOptional = options.IsOptional;
        int names = _schemes.Select(scheme => scheme.Name).Distinct().Count();
        if (names == 0 || names < _schemes.Length)
        {
            throw new ArgumentException(
                "AuthenticationOptions.Schemes needs at least one scheme, and each only once: the "
                + "client names the scheme, so two of one name cannot be told apart.",
                nameof(options));
        }
    }

    public Coroutine<Response> RunAsync(Request request, Handler next)
    {
        RequestHead head = request.Head;
        if (_isOptional)
        {
            request.OnResponsePrepare(s_vary); // a cache must not mix users
            if (!head.Contains(KnownHeader.Authorization))
            {
                return next(request);
            }
        }

        if (Find(head, out ReadOnlySpan<byte> credentials) is not { } scheme)
        {
            return Refuse(request, 401, "Authentication is required.");
        }

        return scheme.Begin(request, credentials) is { } call
            ? AdmitAsync(request, next, scheme, call)
            : Refuse(
                request, scheme.MalformedStatus, "The credentials are malformed.", scheme,
                scheme.ChallengeToMalformed);
    }

    private async Coroutine<Response> AdmitAsync(
        Request request, Handler next, AuthenticationScheme<TUser> scheme, Coroutine<TUser?> call)
    {
        if (await call is not { } user)
        {
            return await Refuse(
                request, 401, "The credentials are invalid.", scheme, scheme.ChallengeToInvalid);
        }

        request.State.Set(_key, user);
        return await next(request);
    }

    // credentials = auth-scheme [ 1*SP ( token68 / … ) ], RFC 9110 11.4. The parser has refused
    // a second field.
    private AuthenticationScheme<TUser>? Find(
        RequestHead head, out ReadOnlySpan<byte> credentials)
    {
        credentials = default;
        head.TryGet(KnownHeader.Authorization, out ReadOnlySpan<byte> value);
        int space = value.IndexOf((byte)' ');
        ReadOnlySpan<byte> name = space < 0 ? value : value[..space];
        credentials = space < 0 ? default : value[space..].TrimStart((byte)' ');
        foreach (AuthenticationScheme<TUser> scheme in _schemes)
        {
            if (Ascii.EqualsIgnoreCase(name, scheme.Name))
            {
                return scheme;
            }
        }

        return null;
    }

    private Coroutine<Response> Refuse(
        Request request, int status, string detail, AuthenticationScheme<TUser>? failed = null,
        string? challenge = null)
    {
        var error = new HttpException(status, detail);
        foreach (AuthenticationScheme<TUser> scheme in _schemes)
        {
            error.Headers.Add(
                "WWW-Authenticate", scheme == failed ? challenge! : scheme.Challenge);
        }

        return GuardFields.RefuseAsync(request, error);
    }
}

namespace Reactor.Http;

/// <summary>
/// The fields that restrict what browsers do with responses. Each option is the value of its
/// field; null leaves the field out.
/// </summary>
/// <remarks>
/// Immutable; any thread. A wrong value throws where it is set. Strict-Transport-Security is not
/// here: browsers ignore it without TLS, which this server does not have yet.
/// </remarks>
public sealed record SecurityHeadersOptions
{
    /// <summary>
    /// <c>X-Content-Type-Options</c>. Default <c>nosniff</c>: a browser must not take an upload for
    /// a script.
    /// </summary>
    public string? ContentTypeOptions { get; init => field = Checked(value); } = "nosniff";

    /// <summary>
    /// <c>Content-Security-Policy</c>. By default scripts, styles, images and all else come from
    /// this origin only, none is inline, and no other page shows this one in a frame.
    /// </summary>
    public string? ContentSecurityPolicy { get; init => field = Checked(value); } =
        "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; "
        + "object-src 'none'";

    /// <summary>
    /// <c>Referrer-Policy</c>. By default other origins see the origin of a page, and not its
    /// address. <c>no-referrer</c> would also make browsers send <c>Origin: null</c> with forms,
    /// which <see cref="CsrfProtection"/> refuses without <c>Sec-Fetch-Site</c>.
    /// </summary>
    public string? ReferrerPolicy { get; init => field = Checked(value); } =
        "strict-origin-when-cross-origin";

    /// <summary>
    /// <c>X-Frame-Options</c>. Default <c>DENY</c>, for browsers that do not know
    /// <c>frame-ancestors</c>.
    /// </summary>
    public string? FrameOptions { get; init => field = Checked(value); } = "DENY";

    /// <summary>
    /// <c>Cross-Origin-Opener-Policy</c>. Default <c>same-origin</c>: a page that opens this one,
    /// or is opened by it, cannot reach its window.
    /// </summary>
    public string? CrossOriginOpenerPolicy { get; init => field = Checked(value); } =
        "same-origin";

    /// <summary>
    /// <c>Permissions-Policy</c>, such as <c>camera=(), geolocation=()</c>. Default null: the
    /// browser asks the user.
    /// </summary>
    public string? PermissionsPolicy { get; init => field = Checked(value); }

    private static string? Checked(
        string? value, [System.Runtime.CompilerServices.CallerMemberName] string option = "") =>
        value is null || (value.Length > 0 && Protocol.FieldRules.IsValue(value))
            ? value
            : throw new ArgumentException(
                $"{option} must be the value of a field, on one line; null leaves it out.", option);
}

/// <summary>
/// Adds the fields that restrict what browsers do with a response, also if it is streamed or
/// generated. A field that a response or the default headers have stays as it is.
/// </summary>
/// <remarks>One thread sets it up; it then runs on the loop.</remarks>
public static class SecurityHeaders
{
    /// <summary>
    /// Adds them to an application with all that is mounted in it. Of several such guards the one
    /// nearest to the route counts, alone.
    /// </summary>
    /// <param name="application">The application.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    public static Application UseSecurityHeaders(
        this Application application, SecurityHeadersOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(application);
        var guard = new SecurityHeadersGuard(application, options ?? new());
        application.ThrowIfFrozen("the security headers");
        application.Guards[typeof(SecurityHeadersGuard)] = guard.Prepare;
        return application;
    }

    /// <summary>
    /// Adds them to a route, in place of those of its applications: to every response to a request
    /// for its path and methods, also one that the server generates.
    /// </summary>
    /// <param name="route">The route.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <exception cref="InvalidOperationException">The application is being served.</exception>
    public static Route UseSecurityHeaders(
        this Route route, SecurityHeadersOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(route);
        var guard = new SecurityHeadersGuard(route.Application, options ?? new());
        route.Application.ThrowIfFrozen($"the security headers of the route '{route}'");
        route.Guards[typeof(SecurityHeadersGuard)] = guard.Prepare;
        return route;
    }
}

/// <summary>Sets the fields of one set of options.</summary>
internal sealed class SecurityHeadersGuard
{
    private readonly Application _application;
    private readonly (string Name, string Value)[] _fields;

    public SecurityHeadersGuard(Application application, SecurityHeadersOptions options)
    {
        _application = application;
        (string Name, string? Value)[] all =
        [
            ("X-Content-Type-Options", options.ContentTypeOptions),
            ("Content-Security-Policy", options.ContentSecurityPolicy),
            ("Referrer-Policy", options.ReferrerPolicy),
            ("X-Frame-Options", options.FrameOptions),
            ("Cross-Origin-Opener-Policy", options.CrossOriginOpenerPolicy),
            ("Permissions-Policy", options.PermissionsPolicy),
        ];
        _fields = [.. all.Where(field => field.Value is not null)!];
    }

    public void Prepare(Request? request, Response response)
    {
        Application application = request?.GetApplication() ?? _application;
        foreach ((string name, string value) in _fields)
        {
            if (!GuardFields.IsSet(application, response, name))
            {
                response.Headers.Add(name, value);
            }
        }
    }
}

using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// What pages of other origins may do (the CORS protocol of the Fetch standard; aiohttp:
/// <c>aiohttp_cors.ResourceOptions</c>). At least one origin must be allowed.
/// </summary>
/// <remarks>Immutable; any thread. A wrong value throws where it is set.</remarks>
public sealed record CorsOptions
{
    /// <summary>Stands for all origins, methods or fields; not with credentials.</summary>
    public const string Any = "*";

    /// <summary>
    /// The origins that may read responses, such as <c>https://example.com</c>, compared exactly;
    /// or <see cref="Any"/> alone.
    /// </summary>
    /// <exception cref="ArgumentException">An origin is not what a browser sends.</exception>
    public IReadOnlyList<string> Origins
    {
        get;
        init => field = AnyOr(value, nameof(Origins), SerializedOrigin.Require);
    } = [];

    /// <summary>
    /// Decides about origins that are not in <see cref="Origins"/>; gets well-formed ones only, and
    /// never <c>null</c>. Compare the whole text, or a host with the dot in front of it: the end
    /// <c>example.com</c> is also that of <c>evil-example.com</c>. Loop thread; must not wait.
    /// If it throws, the origin is not allowed, and the loop reports the exception.
    /// </summary>
    public Func<string, bool>? IsOriginAllowed { get; init; }

    /// <summary>
    /// Methods that a page may use, in upper case. Default GET, HEAD and POST, which Fetch allows
    /// without asking if the fields are simple.
    /// </summary>
    /// <exception cref="ArgumentException">A value is no method in upper case.</exception>
    public IReadOnlyList<string> Methods
    {
        get;
        init => field = AnyOr(value, nameof(Methods), RequireMethod);
    } = ["GET", "HEAD", "POST"];

    /// <summary>
    /// Fields that a page may set, beside the simple ones. JSON needs <c>Content-Type</c>.
    /// <see cref="Any"/> does not cover <c>Authorization</c>, which must be named. Default none.
    /// </summary>
    /// <exception cref="ArgumentException">A value is no field name.</exception>
    public IReadOnlyList<string> Headers
    {
        get;
        init => field = AnyOr(value, nameof(Headers), RequireName);
    } = [];

    /// <summary>
    /// Fields of responses that a page may read, beside the simple ones. Default none.
    /// </summary>
    /// <exception cref="ArgumentException">A value is no field name.</exception>
    public IReadOnlyList<string> ExposedHeaders
    {
        get;
        init => field = AnyOr(value, nameof(ExposedHeaders), RequireName);
    } = [];

    /// <summary>
    /// Whether requests may carry cookies and HTTP authentication of the user. Default false. With
    /// it an allowed origin can do what the user can.
    /// </summary>
    public bool Credentials { get; init; }

    /// <summary>
    /// How long a browser may keep the answer to a preflight, in whole seconds, rounded down.
    /// Browsers have upper limits of their own, from two hours to a day. Default null: not sent,
    /// for which browsers take five seconds.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    public TimeSpan? MaxAge
    {
        get;
        init => field = value is { } age ? OptionValue.Finite(OptionValue.NotNegative(age)) : null;
    }

    /// <summary>Checks what a single option cannot know.</summary>
    /// <exception cref="ArgumentException">Options contradict each other.</exception>
    internal void ThrowIfContradictory()
    {
        if (Origins.Count == 0 && IsOriginAllowed is null)
        {
            throw new ArgumentException(
                "CORS without an origin allows nothing: set CorsOptions.Origins or "
                + "IsOriginAllowed.");
        }

        if (Origins is [Any] && IsOriginAllowed is not null)
        {
            throw new ArgumentException(
                "CorsOptions.Origins allows every origin, so IsOriginAllowed would never be "
                + "called: set one of them.");
        }

        string? open = Origins is [Any] ? nameof(Origins)
            : Methods is [Any] ? nameof(Methods)
            : Headers is [Any] ? nameof(Headers)
            : ExposedHeaders is [Any] ? nameof(ExposedHeaders)
            : null;
        if (Credentials && open is not null)
        {
            throw new ArgumentException(
                $"CorsOptions.{open} cannot be * with Credentials: every site could act as the "
                + "user, and browsers refuse it. Name them, or leave Credentials false.");
        }
    }

    private static IReadOnlyList<string> AnyOr(
        IReadOnlyList<string> values, string option, Func<string, string, string> require)
    {
        ArgumentNullException.ThrowIfNull(values, option);
        return values switch
        {
            [Any] => [Any],
            _ when values.Contains(Any) => throw new ArgumentException(
                $"{option} has * beside others: * alone means all of them.", option),
            _ => [.. values.Select(value => require(value, option))],
        };
    }

    private static string RequireMethod(string method, string option)
    {
        ArgumentNullException.ThrowIfNull(method, option);

        // Fetch compares methods with their case, and only some are changed to upper case.
        return FieldRules.IsName(method) && !method.AsSpan().ContainsAnyInRange('a', 'z')
            ? method
            : throw new ArgumentException(
                $"'{method}' in {option} is no method in upper case, such as PATCH.", option);
    }

    private static string RequireName(string name, string option)
    {
        ArgumentNullException.ThrowIfNull(name, option);
        return FieldRules.IsName(name) ? name : throw new ArgumentException(
            $"'{name}' in {option} is no field name, such as X-Request-Id.", option);
    }
}

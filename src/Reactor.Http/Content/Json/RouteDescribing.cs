using System.Text.Json.Serialization.Metadata;

namespace Reactor.Http;

/// <summary>
/// Describes routes for documents such as OpenAPI: what they read, respond and mean. Each call adds
/// an object to <see cref="Route.Metadata"/> and returns the route; nothing is checked or changed
/// when a request is served.
/// </summary>
/// <remarks>
/// One thread, before the application is served; then <see cref="InvalidOperationException"/>.
/// Typed handlers describe their JSON themselves.
/// </remarks>
/// <example><code>
/// app.Get("/todos", ListTodos)
///     .Summary("Lists the todos of a page.")
///     .Query&lt;int&gt;("page", description: "From 1.")
///     .Produces(200, TodoJson.Default.ListTodo);
/// </code></example>
public static class RouteDescribing
{
    // A header parameter of these names is ignored (OpenAPI 3.1, Parameter Object).
    private static readonly string[] s_describedElsewhere =
        ["Accept", "Content-Type", "Authorization"];

    extension(Route route)
    {
        /// <summary>The route reads JSON.</summary>
        /// <param name="type">The type, by the source generator.</param>
        /// <param name="description">A sentence for readers.</param>
        public Route Accepts(JsonTypeInfo type, string? description = null)
        {
            ArgumentNullException.ThrowIfNull(type);
            return route.With(new RouteBody("application/json", type, description));
        }

        /// <summary>The route reads content that is not JSON, or JSON of any shape.</summary>
        /// <param name="contentType">The media type; several calls give alternatives.</param>
        /// <param name="description">A sentence for readers.</param>
        /// <param name="required">Whether a request without content is refused.</param>
        public Route AcceptsContent(
            string contentType, string? description = null, bool required = true)
        {
            ArgumentException.ThrowIfNullOrEmpty(contentType);
            return route.With(
                new RouteBody(contentType, null, description) { IsRequired = required });
        }

        /// <summary>The route has a response without content.</summary>
        /// <param name="status">The status code.</param>
        /// <param name="description">A sentence; default: the phrase of the status.</param>
        public Route Produces(int status, string? description = null) =>
            route.With(new RouteResponse(Final(status), Description: description));

        /// <summary>The route has a response of JSON.</summary>
        /// <param name="status">The status code.</param>
        /// <param name="type">The type, by the source generator.</param>
        /// <param name="description">A sentence; default: the phrase of the status.</param>
        public Route Produces(int status, JsonTypeInfo type, string? description = null)
        {
            ArgumentNullException.ThrowIfNull(type);
            return route.With(
                new RouteResponse(WithContent(status), "application/json", type, description));
        }

        /// <summary>The route has a response whose content is not JSON.</summary>
        /// <param name="status">The status code.</param>
        /// <param name="contentType">The media type; several calls give alternatives.</param>
        /// <param name="description">A sentence; default: the phrase of the status.</param>
        public Route ProducesContent(
            int status, string contentType, string? description = null)
        {
            ArgumentException.ThrowIfNullOrEmpty(contentType);
            return route.With(
                new RouteResponse(WithContent(status), contentType, null, description));
        }

        /// <summary>The handler reads a value of the query.</summary>
        /// <param name="name">The name.</param>
        /// <param name="required">Whether a request without it is refused.</param>
        /// <param name="description">A sentence for readers.</param>
        /// <param name="repeated">Whether it reads all values of the name.</param>
        /// <typeparam name="T">The type that it reads: <c>Query.Get&lt;T&gt;</c>.</typeparam>
        public Route Query<T>(
            string name, bool required = false, string? description = null, bool repeated = false)
            where T : ISpanParsable<T> =>
            route.With(new RouteParameter(
                RouteParameterPlace.Query, Named(name), typeof(T), description)
            {
                IsRequired = required,
                IsRepeated = repeated,
            });

        /// <summary>The handler reads a name of an enumeration from the query.</summary>
        /// <param name="name">The name.</param>
        /// <param name="required">Whether a request without it is refused.</param>
        /// <param name="description">A sentence for readers.</param>
        /// <typeparam name="T">The enumeration: <c>Query.GetEnum&lt;T&gt;</c>.</typeparam>
        public Route QueryEnum<T>(
            string name, bool required = false, string? description = null)
            where T : struct, Enum =>
            route.With(new RouteParameter(
                RouteParameterPlace.Query, Named(name), typeof(T), description)
            {
                IsRequired = required,
                Names = Enum.GetNames<T>(),
            });

        /// <summary>The handler reads a header field.</summary>
        /// <param name="name">
        /// The name; not Accept, Content-Type or Authorization, which the content and the security
        /// of the route describe.
        /// </param>
        /// <param name="required">Whether a request without it is refused.</param>
        /// <param name="description">A sentence for readers.</param>
        /// <typeparam name="T">The type that it reads: <c>Headers.Get&lt;T&gt;</c>.</typeparam>
        /// <exception cref="ArgumentException">It is one of those names.</exception>
        public Route Header<T>(string name, bool required = false, string? description = null)
            where T : ISpanParsable<T> =>
            s_describedElsewhere.Contains(Named(name), StringComparer.OrdinalIgnoreCase)
                ? throw new ArgumentException(
                    $"A document ignores the header '{name}' as a parameter: describe it by "
                    + "Accepts, Produces or Secured.",
                    nameof(name))
                : route.With(new RouteParameter(
                    RouteParameterPlace.Header, name, typeof(T), description)
                {
                    IsRequired = required,
                });

        /// <summary>The handler reads a cookie.</summary>
        /// <param name="name">The name.</param>
        /// <param name="required">Whether a request without it is refused.</param>
        /// <param name="description">A sentence for readers.</param>
        /// <typeparam name="T">The type that it reads: <c>Cookies.Get&lt;T&gt;</c>.</typeparam>
        public Route Cookie<T>(string name, bool required = false, string? description = null)
            where T : ISpanParsable<T> =>
            route.With(new RouteParameter(
                RouteParameterPlace.Cookie, Named(name), typeof(T), description)
            {
                IsRequired = required,
            });

        /// <summary>Describes a parameter of the pattern, whose constraints are known.</summary>
        /// <param name="name">The name in the pattern, or in a prefix around it.</param>
        /// <param name="description">A sentence for readers.</param>
        public Route PathValue(string name, string description) =>
            route.With(new RouteParameter(
                RouteParameterPlace.Path, Named(name), typeof(string), description)
            {
                IsRequired = true,
            });

        /// <summary>Says what the route does.</summary>
        /// <param name="text">A few words.</param>
        /// <param name="description">More, in Markdown.</param>
        public Route Summary(string text, string? description = null)
        {
            ArgumentException.ThrowIfNullOrEmpty(text);
            return route.With(new RouteSummary(text, description));
        }

        /// <summary>Adds the route to groups of operations.</summary>
        /// <param name="names">The names of the groups.</param>
        public Route Tags(params ReadOnlySpan<string> names)
        {
            foreach (string name in names)
            {
                route.With(new RouteTag(Named(name)));
            }

            return route;
        }

        /// <summary>Clients should no longer use the route.</summary>
        public Route Deprecated() => route.With(new RouteDeprecation());

        /// <summary>Documents leave the route out.</summary>
        public Route Undocumented() => route.With(new RouteOmission());

        /// <summary>
        /// A client must present credentials. This describes: a guard, such as
        /// <c>UseAuthentication</c>, demands them.
        /// </summary>
        /// <param name="scheme">The name of a scheme of the document.</param>
        /// <param name="scopes">The scopes or roles that are needed.</param>
        public Route Secured(string scheme, params ReadOnlySpan<string> scopes) =>
            route.With(new RouteSecurity(Named(scheme), scopes.ToArray()));

        /// <summary>A client needs no credentials, although other routes demand them.</summary>
        public Route Unsecured() => route.With(new RouteSecurity(null, []));
    }

    private static string Named(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name;
    }

    private static int WithContent(int status)
    {
        TypedHandlers.ThrowIfWithoutContent(status);
        return status;
    }

    private static int Final(int status)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(status, 200);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(status, 599);
        return status;
    }
}

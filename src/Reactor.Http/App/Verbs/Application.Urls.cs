// Paths of named routes: the inverse of matching. Pure; any thread once the application is served,
// and before by the thread that sets it up.
namespace Reactor.Http;

/// <content>Paths of named routes.</content>
public sealed partial class Application
{
    /// <summary>
    /// The path of a named route (aiohttp: <c>app.router['name'].url_for()</c>). The name is that
    /// of a route of this application; else of the nearest application around it; else of the only
    /// route of that name in all applications that are served together. Any thread after the
    /// application is served.
    /// </summary>
    /// <param name="name">The name of the route: <see cref="Route.Named"/>.</param>
    /// <param name="values">A value for each parameter of the pattern.</param>
    /// <returns>See <see cref="Route.UrlFor(ReadOnlySpan{ValueTuple{string, object}})"/>.</returns>
    /// <exception cref="ArgumentException">
    /// No route, or several, have the name; or the values do not fit the pattern.
    /// </exception>
    public string UrlFor(string name, params ReadOnlySpan<(string Name, object Value)> values) =>
        FindRoute(name).UrlFor(values);

    /// <summary>The same with a query.</summary>
    /// <param name="name">The name of the route.</param>
    /// <param name="values">A value for each parameter of the pattern.</param>
    /// <param name="query">The names and values of the query, in this order.</param>
    /// <inheritdoc cref="UrlFor(string, ReadOnlySpan{ValueTuple{string, object}})"/>
    public string UrlFor(
        string name, ReadOnlySpan<(string Name, object Value)> values,
        ReadOnlySpan<(string Name, object Value)> query) =>
        FindRoute(name).UrlFor(values, query);

    private Route FindRoute(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Application outermost = this;
        for (Application? at = this; at is not null; at = at.Parent)
        {
            if (at.Router.FindName(name) is { } route)
            {
                return route;
            }

            outermost = at;
        }

        Route[] others = [.. outermost.Routes.Where(route => route.Name == name)];
        return others.Length switch
        {
            1 => others[0],
            0 => throw new ArgumentException(
                $"No route is named '{name}': call Named(\"{name}\") on one.", nameof(name)),
            _ => throw new ArgumentException(
                $"Several routes are named '{name}', such as '{others[0]}' and '{others[1]}': call "
                + "UrlFor of the application of one.",
                nameof(name)),
        };
    }
}

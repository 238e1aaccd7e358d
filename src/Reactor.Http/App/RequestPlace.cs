namespace Reactor.Http;

/// <summary>
/// Where a request belongs, its application and its route: extension methods, because the request
/// itself knows neither. Loop thread only.
/// </summary>
public static class RequestPlace
{
    /// <summary>
    /// The application of the request's route (aiohttp: <c>request.app</c>); without a route, the
    /// application with the longest prefix of its path. Loop thread only.
    /// </summary>
    /// <param name="request">The request.</param>
    public static Application GetApplication(this Request request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return (Application)request.Endpoint.Owner!;
    }

    /// <summary>
    /// The route that serves the request, or null for a generated response such as 404 (aiohttp:
    /// <c>match_info.route</c>). Loop thread only.
    /// </summary>
    /// <param name="request">The request.</param>
    public static Route? GetRoute(this Request request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return (Route?)request.Endpoint.Route;
    }
}

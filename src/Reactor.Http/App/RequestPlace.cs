namespace Reactor.Http;

/// <summary>
/// Where a request belongs, its application and its route: members of a type that knows neither.
/// </summary>
public static class RequestPlace
{
    extension(Request request)
    {
        /// <summary>
        /// The application of the request's route (aiohttp: <c>request.app</c>); without a route,
        /// the application with the longest prefix of its path. Loop thread only.
        /// </summary>
        public Application App
        {
            get
            {
                ArgumentNullException.ThrowIfNull(request);
                return (Application)request.Endpoint.Owner!;
            }
        }

        /// <summary>
        /// The route that serves the request, or null for a generated response such as 404
        /// (aiohttp: <c>match_info.route</c>). Loop thread only.
        /// </summary>
        public Route? Route
        {
            get
            {
                ArgumentNullException.ThrowIfNull(request);
                return (Route?)request.Endpoint.Route;
            }
        }
    }
}

using Reactor.Http.Routing;

namespace Reactor.Http;

/// <content>Applications in an application; before it is served.</content>
public sealed partial class Application
{
    /// <summary>
    /// The prefix of the paths of this application, with those around it; empty if it has none.
    /// </summary>
    public string Prefix => Mounts.Prefix;

    /// <summary>The host that this application is limited to, or null.</summary>
    public string? HostName => Mounts.Host;

    /// <summary>The application that this one is mounted in, or null.</summary>
    public Application? Parent => Mounts.Parent;

    /// <summary>Mounts a new application at a prefix, and returns it.</summary>
    /// <inheritdoc cref="Mount"/>
    public Application Group(string prefix)
    {
        var group = new Application();
        Mount(prefix, group);
        return group;
    }

    /// <summary>
    /// Serves an application below a prefix (aiohttp: <c>add_subapp</c>), with its own middleware,
    /// hooks, default headers and <see cref="State"/>, inside those of this one.
    /// </summary>
    /// <param name="prefix">
    /// Segments of a pattern, such as <c>/api</c> or <c>/users/{user}</c>; empty or <c>/</c> to
    /// share only what runs around the routes.
    /// </param>
    /// <param name="application">
    /// An application that is mounted nowhere. Its pattern <c>/</c> is the path <c>/api/</c>, its
    /// empty pattern the path <c>/api</c>.
    /// </param>
    /// <exception cref="ArgumentException">The prefix is malformed or has a tail.</exception>
    /// <exception cref="InvalidOperationException">
    /// The application is mounted or being served already, or this one is in it; or this one is
    /// being served.
    /// </exception>
    public void Mount(string prefix, Application application)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        string trimmed = prefix is "/" ? "" : prefix;
        if (trimmed.Length > 0)
        {
            RoutePattern.Parse(RoutePattern.Join(trimmed, ""));
        }

        Mounts.Add(trimmed, host: null, application);
    }

    /// <summary>Mounts a new application at a host, and returns it.</summary>
    /// <inheritdoc cref="MountHost"/>
    public Application Host(string host)
    {
        var application = new Application();
        MountHost(host, application);
        return application;
    }

    /// <summary>
    /// Serves an application for the requests of one host (aiohttp: <c>add_domain</c>), as
    /// <see cref="Mount"/> does for a prefix. Routes without a host serve the other hosts.
    /// </summary>
    /// <param name="host">
    /// A name without port, such as <c>api.example.com</c>, or <c>*.example.com</c> for every
    /// name below <c>example.com</c>.
    /// </param>
    /// <param name="application">An application that is mounted nowhere.</param>
    /// <exception cref="ArgumentException">The host is malformed.</exception>
    /// <exception cref="InvalidOperationException">
    /// As by <see cref="Mount"/>; or this application is limited to a host already.
    /// </exception>
    public void MountHost(string host, Application application)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        Mounts.Add("", RouteHost.Normalise(host), application);
    }
}

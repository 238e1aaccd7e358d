namespace Reactor.Http;

/// <summary>
/// Where an application is mounted and what is mounted in it: a tree, each application at one
/// place, so that its prefix, host and parent are unambiguous.
/// </summary>
/// <remarks>One thread sets it up; then immutable.</remarks>
internal sealed class MountTree(Application application)
{
    private readonly List<Application> _mounted = [];
    private string _ownPrefix = "";
    private string? _ownHost;

    /// <summary>The application that this one is mounted in, or null.</summary>
    public Application? Parent { get; private set; }

    /// <summary>The prefixes from the outermost application to this one; may be empty.</summary>
    public string Prefix => Parent?.Mounts.Prefix + _ownPrefix;

    /// <summary>The host that this application is limited to, or null.</summary>
    public string? Host => _ownHost ?? Parent?.Mounts.Host;

    /// <summary>This application, then those mounted in it, depth first.</summary>
    public IEnumerable<Application> Tree =>
        _mounted.SelectMany(mounted => mounted.Mounts.Tree).Prepend(application);

    /// <summary>The application that is mounted nowhere.</summary>
    public Application Outermost => Parent?.Mounts.Outermost ?? application;

    public void Add(string prefix, string? host, Application mounted)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        ArgumentNullException.ThrowIfNull(mounted);
        string where = host ?? (prefix.Length == 0 ? "the empty prefix" : prefix);
        application.ThrowIfFrozen($"what is mounted at {where}");
        if (mounted.IsFrozen)
        {
            throw new InvalidOperationException(
                $"Cannot mount at {where} an application that is being served by itself: "
                + "mount it before MakeHandler, or make another object.");
        }

        if (mounted.Mounts.Parent is not null)
        {
            throw new InvalidOperationException(
                $"Cannot mount at {where} an application that is mounted already"
                + $"{mounted.Mounts.Where}: make one object for each place.");
        }

        if (application.Mounts.Outermost == mounted)
        {
            throw new InvalidOperationException(
                $"Cannot mount at {where} an application in itself: it would have no end.");
        }

        if (host is not null && Host is { } outer)
        {
            throw HostInHost(host, outer);
        }

        Application? hosted = mounted.Mounts.Tree.FirstOrDefault(one => one.HostName is not null);
        if ((host ?? Host) is { } around && hosted is not null)
        {
            throw HostInHost(hosted.HostName!, around);
        }

        mounted.Mounts.Place(application, prefix, host);
        _mounted.Add(mounted);
    }

    private static InvalidOperationException HostInHost(string host, string outer) => new(
        $"Cannot mount host {host} in an application of host {outer}: mount it in the outermost "
        + "application.");

    public void ThrowIfMounted()
    {
        if (Parent is not null)
        {
            throw new InvalidOperationException(
                $"This application is mounted{Where}: serve the one that it is mounted in.");
        }
    }

    private string Where => (Host is null ? "" : $" at host {Host}")
        + (Prefix.Length == 0 ? "" : $" at {Prefix}");

    private void Place(Application parent, string prefix, string? host)
    {
        Parent = parent;
        _ownPrefix = prefix;
        _ownHost = host;
        application.State.Parent = parent.State;
    }
}

namespace Reactor.Http;

/// <summary>
/// The names of attributes in OpenTelemetry's conventions, and values that are always the same.
/// Immutable; any thread.
/// </summary>
internal static class HttpTags
{
    public const string Method = "http.request.method";
    public const string MethodOriginal = "http.request.method_original";
    public const string Route = "http.route";
    public const string Scheme = "url.scheme";
    public const string Path = "url.path";
    public const string Status = "http.response.status_code";
    public const string Version = "network.protocol.version";
    public const string Error = "error.type";
    public const string ServerAddress = "server.address";
    public const string ServerPort = "server.port";
    public const string ClientAddress = "client.address";
    public const string PeerAddress = "network.peer.address";
    public const string PeerPort = "network.peer.port";
    public const string UserAgent = "user_agent.original";

    /// <summary>The only scheme yet.</summary>
    public const string Http = "http";

    private static readonly string[] s_versions =
        [.. Enumerable.Range(0, 10).Select(minor => $"1.{minor}")];

    public static string VersionOf(int minor) => s_versions[minor];
}

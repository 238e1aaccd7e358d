using System.Globalization;

namespace Reactor.Http;

/// <summary>The exceptions of a pool, each a sentence that says what to do.</summary>
/// <remarks>Pure; any thread.</remarks>
internal static class PoolErrors
{
    public static ClientPoolException Closed() =>
        new("The session is closed: send requests before that, or make another session.");

    public static ClientPoolException Full(ClientOptions options) => new(
        $"{options.WaitersMax} requests wait for a connection, as many as may: send fewer at once, "
        + $"or raise ClientOptions.{nameof(ClientOptions.WaitersMax)}.");

    public static ClientTimeoutException Late(ClientOptions options, ClientOrigin origin) => new(
        ClientPhase.Pool, string.Create(
            CultureInfo.InvariantCulture,
            $"No connection to {ClientConnector.NameOf(origin.Host, origin.Port)} became free in "
            + $"{options.PoolTimeout.TotalSeconds:0.###} s: read or dispose of responses, or raise "
            + $"ClientOptions.{nameof(ClientOptions.ConnectionsPerHostMax)} "
            + $"({options.ConnectionsPerHostMax}), {nameof(ClientOptions.ConnectionsMax)} "
            + $"({options.ConnectionsMax}) or {nameof(ClientOptions.PoolTimeout)}."));
}

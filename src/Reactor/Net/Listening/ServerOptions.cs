using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>How a server listens and accepts. Immutable.</summary>
public sealed record ServerOptions
{
    /// <summary>How each listener is opened.</summary>
    public ListenOptions Listen { get; init; } = new();

    /// <summary>
    /// Serve from the start. Default true. If false, the listeners are open and clients wait in the
    /// backlog until <see cref="LoopServer.StartServing"/>.
    /// </summary>
    public bool StartServing { get; init; } = true;

    /// <summary>The limits of the stream helpers on each connection.</summary>
    public StreamOptions Stream { get; init; } = StreamOptions.Default;

    /// <summary>
    /// The most connections that a listener accepts in a turn. Default 64: a burst is taken quickly
    /// without delaying open connections.
    /// </summary>
    public int AcceptsPerTurnMax { get; init; } = 64;

    /// <summary>
    /// The most open connections. At the limit, the connection that has been idle longest is closed
    /// for each new client (<see cref="EvictIdleAfter"/>); if none is idle, clients wait in the
    /// backlog until 2 % have ended. Default, null: the process's limit of descriptors less 512, of
    /// a small limit half, and no limit where the system has none. Several servers in a process
    /// need a share each (<see cref="ShareOf"/>).
    /// </summary>
    public int? ConnectionsMax { get; init; }

    /// <summary>
    /// How long a connection must have been idle before a full server may close it for another
    /// client; <see cref="Timeout.InfiniteTimeSpan"/>: never. Default 1 second, longer than the
    /// pause between two requests of a busy client. Needs a handler with
    /// <see cref="IIdleConnections"/>, such as an HTTP server's.
    /// </summary>
    public TimeSpan EvictIdleAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The most connections of one client address; further ones are reset at once. An IPv6 network
    /// of 64 bits counts as one address. Default, null: no limit, because behind a proxy all
    /// clients have its address. 256 suits a server at the edge: some forty browsers behind a
    /// router.
    /// </summary>
    public int? ConnectionsPerAddressMax { get; init; }

    /// <summary>
    /// The pause after descriptors or memory ran out; up to half is added at random. Default 100
    /// ms: trying at once would spin. Neither negative nor infinite.
    /// </summary>
    public TimeSpan AcceptPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// These options for one of several servers that share an address: with
    /// <see cref="ListenOptions.ReusePort"/> and a part of <see cref="ConnectionsMax"/>; the parts
    /// add up to exactly that. The kernel does not know which server is full, so one may pause
    /// while another has room.
    /// </summary>
    /// <param name="servers">How many there are; with one nothing changes.</param>
    /// <param name="index">Which of them this is, from 0; the first get the remainder.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// Out of range, or <see cref="ConnectionsMax"/> is less than the number of servers.
    /// </exception>
    public ServerOptions ShareOf(int servers, int index)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(servers, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, servers);
        if (servers == 1)
        {
            return this;
        }

        if (ConnectionsMax < servers)
        {
            throw new ArgumentOutOfRangeException(
                nameof(servers),
                servers,
                $"{nameof(ConnectionsMax)} is {ConnectionsMax}: each of the servers that share it "
                + "needs at least one connection.");
        }

        int most = ConnectionsMax ?? ConnectionLimit.ConnectionsFor(DescriptorLimit.Current);
        return this with
        {
            Listen = Listen with { ReusePort = true },
            ConnectionsMax = Math.Max((most / servers) + (index < most % servers ? 1 : 0), 1),
        };
    }
}

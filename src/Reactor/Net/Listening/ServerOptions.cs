using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>How a server listens and accepts clients, and its limits. Immutable.</summary>
public sealed record ServerOptions
{
    /// <summary>How each listener is opened.</summary>
    public ListenOptions Listen { get; init; } = new();

    /// <summary>
    /// Default true. False: clients wait in the backlog until
    /// <see cref="LoopServer.StartServing"/>.
    /// </summary>
    public bool StartServing { get; init; } = true;

    /// <summary>The limits of the stream helpers on each connection.</summary>
    public StreamOptions Stream { get; init; } = StreamOptions.Default;

    /// <summary>
    /// Maximum accepts per listener and turn. Default 64, so that a burst does not delay open
    /// connections.
    /// </summary>
    public int AcceptsPerTurnMax { get; init; } = 64;

    /// <summary>
    /// Maximum open connections. At the limit the connection that has been idle longest is closed
    /// for a new client (<see cref="EvictIdleAfter"/>); if none is idle, clients wait until 2 %
    /// have ended. Default, null: the process's descriptors less 512, or half of a small limit.
    /// Several servers in a process need a share each (<see cref="ShareOf"/>).
    /// </summary>
    public int? ConnectionsMax { get; init; }

    /// <summary>
    /// How long a connection must be idle before a full server may close it; infinite: never.
    /// Default 1 second, longer than a busy client pauses. Needs a handler with
    /// <see cref="IIdleConnections"/>.
    /// </summary>
    public TimeSpan EvictIdleAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Maximum connections of a client address (IPv6: of 64 bits of it); further ones are reset.
    /// Default, null: no limit, as clients of a proxy share its address. 256 suits a server at the
    /// edge.
    /// </summary>
    public int? ConnectionsPerAddressMax { get; init; }

    /// <summary>
    /// The pause after a shortage of descriptors or memory, and at random up to half of it. Default
    /// 100 ms. Neither negative nor infinite.
    /// </summary>
    public TimeSpan AcceptPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The options of one of several servers that share an address
    /// (<see cref="ListenOptions.ReusePort"/>) and <see cref="ConnectionsMax"/>. The kernel does
    /// not know which is full: one may pause while another has room.
    /// </summary>
    /// <param name="servers">Their number; with one nothing changes.</param>
    /// <param name="index">From 0; the first get the remainder.</param>
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

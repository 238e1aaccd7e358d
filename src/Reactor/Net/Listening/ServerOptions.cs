using Reactor.Drivers;

namespace Reactor.Net;

/// <summary>
/// How a server listens and accepts; each limit with its default and the reason for it. Immutable.
/// </summary>
public sealed record ServerOptions
{
    /// <summary>How each listener is opened.</summary>
    public ListenOptions Listen { get; init; } = new();

    /// <summary>
    /// Serve from the start. Default true. With false the listeners are open, so the addresses are
    /// had or refused, and clients wait in the backlog until
    /// <see cref="LoopServer.StartServing"/>.
    /// </summary>
    public bool StartServing { get; init; } = true;

    /// <summary>The limits of the stream helpers on each connection.</summary>
    public StreamOptions Stream { get; init; } = StreamOptions.Default;

    /// <summary>
    /// Connections that one listener accepts in a turn. Default 64: enough to take a burst quickly,
    /// few enough that those who are connected are not kept waiting.
    /// </summary>
    public int AcceptsPerTurn { get; init; } = 64;

    /// <summary>
    /// Connections that are open at once. At the limit the connection that has been idle longest is
    /// closed for each new client (<see cref="EvictIdleAfter"/>); if none is idle, accepting
    /// pauses, and clients wait in the backlog, until 2 % have gone. Default, null: the process's
    /// limit of descriptors less 512 for everything else, or half of it where that is small; it is
    /// each server's own, so several servers of a process need a share each. Where the limit cannot
    /// be learned there is none.
    /// </summary>
    public int? ConnectionsMax { get; init; }

    /// <summary>
    /// How long a connection must have been idle before a full server may close it to admit another
    /// client; <see cref="Timeout.InfiniteTimeSpan"/>: never. Default 1 second: a client that makes
    /// one request after the other is not idle in between. Only where the handler knows which
    /// connections are idle (<see cref="IIdleConnections"/>), as that of an HTTP server does.
    /// </summary>
    public TimeSpan EvictIdleAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Connections that one client address has at once; further ones are reset as they are
    /// accepted. An IPv6 network of 64 bits counts as one address, as a client has all of it.
    /// Default, null: no limit, because behind a proxy all clients have the proxy's address. For a
    /// server at the edge 256 is a fair figure: some forty browsers behind one router.
    /// </summary>
    public int? ConnectionsPerAddressMax { get; init; }

    /// <summary>
    /// The pause before accepting again when descriptors or memory ran out; a random part of up to
    /// half is added. Default 100 ms: trying at once would only spin. Not negative and not
    /// infinite: the server would never accept again.
    /// </summary>
    public TimeSpan AcceptPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// These options for one of several servers that share an address: it asks for a port that is
    /// shared (<see cref="ListenOptions.ReusePort"/>), and has its part of
    /// <see cref="ConnectionsMax"/>: all parts together are exactly that. The kernel gives out
    /// clients without regard to which server is full, so at the limit one server may pause while
    /// another has room.
    /// </summary>
    /// <param name="servers">How many there are; with one nothing changes.</param>
    /// <param name="index">Which of them this is, from 0: the first have the remainder.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There is less than one, there is none of this number, or <see cref="ConnectionsMax"/> is
    /// less than the number of servers, each of which needs one connection.
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

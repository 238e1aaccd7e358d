using System.Collections;
using System.Diagnostics;
using Reactor.Net;

namespace Reactor.Http;

/// <summary>
/// The open connections of an HTTP server, by the <see cref="LoopServer"/> that accepted them, and
/// nearly in the order in which they became idle: so the one that has been idle longest is found
/// without a search of all.
/// </summary>
/// <remarks>
/// <para>Loop thread only.</para>
/// <para>
/// Moving a connection to the end for each request would touch three others each time. So it is
/// moved once in a span of 0.84 s at most, and a look chooses the right one among the first. A busy
/// connection at the head is moved to the end, so a look takes constant time, amortised.
/// </para>
/// </remarks>
internal sealed class OpenConnections : IReadOnlyCollection<OpenConnection>
{
    /// <summary>
    /// Busy connections that are passed over in one look; the next one goes on from there. Some 50
    /// microseconds at most: none of them costs a system call.
    /// </summary>
    private const int BusyMax = 1024;

    /// <summary>
    /// Idle connections that are tried in one look, and cannot be closed: the system is asked for
    /// each, which costs a microsecond or two.
    /// </summary>
    private const int TriedMax = 16;

    /// <summary>Idle connections at the head that are compared.</summary>
    private const int ComparedMax = 64;

    // Nearly always one: a server for each address.
    private readonly List<Group> _groups = [];

    /// <summary>How many are open.</summary>
    public int Count { get; private set; }

    public void Add(OpenConnection connection)
    {
        LoopServer? server = connection.Connection.Server;
        Group? group = Find(server);
        if (group is null)
        {
            group = new Group(server);
            _groups.Add(group);
        }

        group.List.Add(connection);
        Count++;
    }

    public void Remove(OpenConnection connection)
    {
        GroupOf(connection).List.Remove(connection);
        Count--;
    }

    /// <summary>A connection has become idle.</summary>
    public void MoveToEnd(OpenConnection connection) =>
        GroupOf(connection).List.MoveToEnd(connection);

    /// <summary>
    /// Closes the connection of a server that has been idle longest, if it has been so for long
    /// enough and no byte of a request has arrived on it.
    /// </summary>
    public bool TryCloseIdle(LoopServer server, TimeSpan idleMin)
    {
        if (Find(server) is not { List: var list })
        {
            return false;
        }

        int looks = Math.Min(list.Count, BusyMax);
        int tries = TriedMax;
        while (looks-- > 0 && tries > 0 && list.First is { } head)
        {
            if (head.IdleTime is null)
            {
                list.MoveToEnd(head);
                continue;
            }

            // One that cannot be closed stays the longest: after it they are tried in their order.
            OpenConnection longest = tries == TriedMax ? LongestIdle(list, head) : head;
            if (longest.IdleTime < idleMin)
            {
                return false; // all others have been idle for less
            }

            if (longest.TryCloseIdle(ConnectionEvent.RoomNeeded))
            {
                return true;
            }

            tries--;
            list.MoveToEnd(longest); // a request has arrived, or its client still reads
        }

        return false;
    }

    public IEnumerator<OpenConnection> GetEnumerator() =>
        _groups.SelectMany(group => group.List).ToList().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static OpenConnection LongestIdle(
        IntrusiveList<OpenConnection, OpenConnection.Links> list, OpenConnection head)
    {
        OpenConnection longest = head;
        OpenConnection? next = list.NextOf(head);
        for (int i = 1; i < ComparedMax && next is not null; i++)
        {
            if (next.IdleTime > longest.IdleTime)
            {
                longest = next;
            }

            next = list.NextOf(next);
        }

        return longest;
    }

    private Group GroupOf(OpenConnection connection)
    {
        Group? group = Find(connection.Connection.Server);
        Debug.Assert(group is not null, "an open connection was added");
        return group;
    }

    private Group? Find(LoopServer? server)
    {
        foreach (Group group in _groups)
        {
            if (ReferenceEquals(group.Server, server))
            {
                return group;
            }
        }

        return null;
    }

    private sealed class Group(LoopServer? server)
    {
        public LoopServer? Server { get; } = server;

        public IntrusiveList<OpenConnection, OpenConnection.Links> List { get; } = new();
    }
}

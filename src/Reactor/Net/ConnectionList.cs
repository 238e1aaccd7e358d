using System.Collections;

namespace Reactor.Net;

/// <summary>
/// The open connections of a server, in the order they came, linked by fields of their own: a hash
/// set would take some 85 bytes for each of them, with what its growth throws away.
/// </summary>
/// <remarks>
/// Loop thread only. Who enumerates gets those of the beginning, whatever is closed meanwhile.
/// </remarks>
internal sealed class ConnectionList : IReadOnlyCollection<Connection>
{
    private Connection? _first;
    private Connection? _last;

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <summary>Adds one that is in no list.</summary>
    public void Add(Connection connection)
    {
        connection.PreviousOpen = _last;
        if (_last is null)
        {
            _first = connection;
        }
        else
        {
            _last.NextOpen = connection;
        }

        _last = connection;
        Count++;
    }

    /// <summary>Removes one that is in this list.</summary>
    public void Remove(Connection connection)
    {
        Connection? previous = connection.PreviousOpen;
        Connection? next = connection.NextOpen;
        if (previous is null)
        {
            _first = next;
        }
        else
        {
            previous.NextOpen = next;
        }

        if (next is null)
        {
            _last = previous;
        }
        else
        {
            next.PreviousOpen = previous;
        }

        connection.PreviousOpen = null;
        connection.NextOpen = null;
        Count--;
    }

    /// <inheritdoc/>
    public IEnumerator<Connection> GetEnumerator()
    {
        var all = new List<Connection>(Count);
        for (Connection? one = _first; one is not null; one = one.NextOpen)
        {
            all.Add(one);
        }

        return all.GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

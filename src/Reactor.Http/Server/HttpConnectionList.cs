using System.Collections;

namespace Reactor.Http;

/// <summary>
/// The connections that a server serves, in the order they came, linked by fields of their own, as
/// the open ones of a listener are.
/// </summary>
/// <remarks>
/// Loop thread only. Who enumerates gets those of the beginning, whatever is closed meanwhile.
/// </remarks>
internal sealed class HttpConnectionList : IReadOnlyCollection<HttpConnection>
{
    private HttpConnection? _first;
    private HttpConnection? _last;

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <summary>Adds one that is in no list.</summary>
    public void Add(HttpConnection connection)
    {
        connection.Previous = _last;
        if (_last is null)
        {
            _first = connection;
        }
        else
        {
            _last.Next = connection;
        }

        _last = connection;
        Count++;
    }

    /// <summary>Removes one that is in this list.</summary>
    public void Remove(HttpConnection connection)
    {
        HttpConnection? previous = connection.Previous;
        HttpConnection? next = connection.Next;
        if (previous is null)
        {
            _first = next;
        }
        else
        {
            previous.Next = next;
        }

        if (next is null)
        {
            _last = previous;
        }
        else
        {
            next.Previous = previous;
        }

        connection.Previous = null;
        connection.Next = null;
        Count--;
    }

    /// <inheritdoc/>
    public IEnumerator<HttpConnection> GetEnumerator()
    {
        var all = new List<HttpConnection>(Count);
        for (HttpConnection? one = _first; one is not null; one = one.Next)
        {
            all.Add(one);
        }

        return all.GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

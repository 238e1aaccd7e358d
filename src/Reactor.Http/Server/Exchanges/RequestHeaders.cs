using System.Collections;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The header fields of a request as text, one pair for each field line, in the order of the
/// message (aiohttp: <c>request.headers</c>). Names are compared without regard to case; values are
/// octets in Latin-1, and lists are not split.
/// </summary>
/// <remarks>
/// Loop thread only; a view of the request, with which it ends. Strings are made at each call, so
/// a handler that asks for nothing pays nothing.
/// </remarks>
public sealed class RequestHeaders : IReadOnlyList<KeyValuePair<string, string>>
{
    private readonly Request _request;

    internal RequestHeaders(Request request) => _request = request;

    /// <summary>How many field lines there are.</summary>
    /// <exception cref="InvalidOperationException">The response was sent.</exception>
    public int Count => Head.Count;

    private RequestHead Head => _request.Head;

    /// <summary>The field line at a place, 0 to <see cref="Count"/> - 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    /// <exception cref="InvalidOperationException">The response was sent.</exception>
    public KeyValuePair<string, string> this[int index]
    {
        get
        {
            Field field = Head[index];
            return new(Text(field.Name), Text(field.Value));
        }
    }

    /// <summary>The first value of a name; null if it is not there.</summary>
    /// <exception cref="InvalidOperationException">The response was sent.</exception>
    public string? this[string name] => Head.GetHeader(name);

    /// <summary>Whether a field of this name is there, perhaps with an empty value.</summary>
    /// <exception cref="InvalidOperationException">The response was sent.</exception>
    public bool Contains(string name) => IndexOf(name, 0) >= 0;

    /// <summary>All values of a name, in their order; none if it is not there.</summary>
    /// <exception cref="InvalidOperationException">The response was sent.</exception>
    public IReadOnlyList<string> GetAll(string name)
    {
        var values = new List<string>();
        for (int i = IndexOf(name, 0); i >= 0; i = IndexOf(name, i + 1))
        {
            values.Add(Text(Head[i].Value));
        }

        return values;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
    {
        for (int i = 0; i < Count; i++)
        {
            yield return this[i];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int IndexOf(string name, int from)
    {
        ArgumentNullException.ThrowIfNull(name);
        RequestHead head = Head;
        for (int i = from; i < head.Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(head[i].Name, name))
            {
                return i;
            }
        }

        return -1;
    }

    private static string Text(ReadOnlySpan<byte> octets) => Encoding.Latin1.GetString(octets);
}

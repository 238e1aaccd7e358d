using System.Collections;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The header fields as text, a pair per field line, in order (aiohttp: <c>request.headers</c>).
/// Names are case-insensitive; values are decoded as Latin-1, lists not split.
/// </summary>
/// <remarks>
/// Loop thread only. A view of the request: after the response its members throw <see
/// cref="InvalidOperationException"/>. Each call allocates its strings.
/// </remarks>
public sealed class RequestHeaders : IReadOnlyList<KeyValuePair<string, string>>, IRequestValues
{
    private readonly Request _request;

    internal RequestHeaders(Request request) => _request = request;

    /// <summary>The number of field lines.</summary>
    public int Count => Head.Count;

    string IRequestValues.Kind => "header field";

    private RequestHead Head => _request.Head;

    /// <summary>The field line at an index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such index.</exception>
    public KeyValuePair<string, string> this[int index]
    {
        get
        {
            Field field = Head[index];
            return new(Text(field.Name), Text(field.Value));
        }
    }

    /// <summary>The first value of a name, or null.</summary>
    public string? this[string name] => Head.GetHeader(name);

    /// <summary>True if a field has this name.</summary>
    public bool Contains(string name) => IndexOf(name, 0) >= 0;

    /// <summary>All values of a name, in order.</summary>
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

    string? IRequestValues.Find(string name) => this[name];

    IEnumerable<string> IRequestValues.FindAll(string name) => GetAll(name);

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

using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Reactor.Http;

/// <summary>
/// The names and values of a query, decoded, in their order (aiohttp: <c>request.query</c>). Pairs
/// are separated by <c>&amp;</c>; a plus is a space; a name without <c>=</c> has an empty value.
/// </summary>
/// <remarks>Immutable; any thread. A look-up takes constant time.</remarks>
public sealed class QueryValues : IReadOnlyList<KeyValuePair<string, string>>, IRequestValues
{
    private readonly List<KeyValuePair<string, string>> _pairs = [];
    private readonly Dictionary<string, int> _first = [];

    internal QueryValues()
    {
    }

    /// <summary>The number of pairs.</summary>
    public int Count => _pairs.Count;

    string IRequestValues.Kind => "query parameter";

    /// <summary>The pair at an index.</summary>
    public KeyValuePair<string, string> this[int index] => _pairs[index];

    /// <summary>The first value of a name, case-sensitive, or null.</summary>
    public string? this[string name] =>
        _first.TryGetValue(name, out int index) ? _pairs[index].Value : null;

    /// <summary>All values of a name, in order; takes linear time.</summary>
    public IEnumerable<string> GetAll(string name) =>
        _pairs.Where(pair => pair.Key == name).Select(pair => pair.Value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => _pairs.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    string? IRequestValues.Find(string name) => this[name];

    IEnumerable<string> IRequestValues.FindAll(string name) => GetAll(name);

    /// <exception cref="RequestQueryException">
    /// It has too many pairs, or an invalid escape.
    /// </exception>
    internal static QueryValues Parse(ReadOnlySpan<byte> query, int keysMax) =>
        TryParse(query, keysMax, out QueryValues values) switch
        {
            QueryFault.TooManyKeys => throw new RequestQueryException(
                $"The query has more than {keysMax} keys."),
            QueryFault.InvalidEscape => throw new RequestQueryException(
                "The query has an escape that is no UTF-8 text."),
            _ => values,
        };

    /// <summary>Parses a query or an urlencoded form.</summary>
    internal static QueryFault TryParse(
        ReadOnlySpan<byte> text, int keysMax, out QueryValues values)
    {
        values = new QueryValues();
        foreach (Range range in text.Split((byte)'&'))
        {
            ReadOnlySpan<byte> pair = text[range];
            if (pair.IsEmpty)
            {
                continue;
            }

            if (values.Count == keysMax)
            {
                return QueryFault.TooManyKeys;
            }

            int equals = pair.IndexOf((byte)'=');
            string? name = Decode(equals < 0 ? pair : pair[..equals]);
            string? value = equals < 0 ? "" : Decode(pair[(equals + 1)..]);
            if (name is null || value is null)
            {
                return QueryFault.InvalidEscape;
            }

            values.Add(name, value);
        }

        return QueryFault.None;
    }

    internal void Add(string name, string value)
    {
        _first.TryAdd(name, _pairs.Count);
        _pairs.Add(new(name, value));
    }

    // Escapes are decoded once (RFC 3986 2.4), in place: text only gets shorter. A query has ASCII
    // only; a form may have UTF-8 that its client did not escape. Null if it is no text.
    private static string? Decode(ReadOnlySpan<byte> part)
    {
        byte[] text = part.ToArray();
        text.AsSpan().Replace((byte)'+', (byte)' ');
        bool isText = true;
        int length = 0;
        for (int i = 0; isText && i < text.Length; i++)
        {
            byte octet = text[i];
            if (octet == '%')
            {
                isText = text.Length - i > 2 && byte.TryParse(
                    text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, null, out octet);
                i += 2;
            }

            text[length++] = octet;
        }

        ReadOnlySpan<byte> decoded = text.AsSpan(0, length);
        return isText && !decoded.Contains((byte)0) && Utf8.IsValid(decoded)
            ? Encoding.UTF8.GetString(decoded)
            : null;
    }
}

/// <summary>Why a query or an urlencoded form is refused.</summary>
internal enum QueryFault : byte
{
    None,

    TooManyKeys,

    /// <summary>It has an escape without two digits, or is no UTF-8 text.</summary>
    InvalidEscape,
}

/// <summary>
/// A query is not what its handler asked for. If unhandled, the response is 400; the connection
/// stays open.
/// </summary>
public sealed class RequestQueryException : HttpException
{
    /// <summary>Creates the exception.</summary>
    public RequestQueryException() : base(400)
    {
    }

    /// <summary>Creates the exception with a message, which the client sees.</summary>
    public RequestQueryException(string? message) : base(400, message)
    {
    }

    /// <summary>Creates the exception with a message, which the client sees, and a cause.</summary>
    public RequestQueryException(string? message, Exception? innerException)
        : base(400, message, innerException)
    {
    }
}

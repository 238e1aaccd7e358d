using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The fields that a handler adds to a response; the server sets the framing fields. Names and
/// values are checked when added and when written, against injection (RFC 9112 11.1).
/// </summary>
/// <remarks>Loop thread only.</remarks>
public sealed class ResponseHeaders
{
    private static readonly string[] s_framing =
    [
        "Connection", "Content-Length", "Date", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding",
    ];

    private readonly List<(string Name, string Value)> _fields = [];

    /// <summary>The number of fields.</summary>
    public int Count => _fields.Count;

    /// <summary>The reason phrase set by the handler; stored here because it is rare.</summary>
    internal string? Reason { get; set; }

    internal (string Name, string Value) this[int index] => _fields[index];

    /// <summary>Adds a field; fields of the same name stay.</summary>
    /// <exception cref="ArgumentException">
    /// The name or value is invalid, or the server sets this field.
    /// </exception>
    public void Add(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        FieldRules.RequireName(name);
        FieldRules.RequireValue(value);
        if (s_framing.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            throw new ArgumentException(
                $"{name} follows from how the response is sent and cannot be set.", nameof(name));
        }

        if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
        {
            throw new ArgumentException(
                "Content-Type stands once: set Response.ContentType.", nameof(name));
        }

        _fields.Add((name, value));
    }

    /// <summary>Sets a field; replaces all fields of the same name.</summary>
    /// <inheritdoc cref="Add" path="/exception"/>
    public void Set(string name, string value)
    {
        Remove(name);
        Add(name, value);
    }

    /// <summary>Removes all fields of a name; returns their number.</summary>
    public int Remove(string name) => _fields.RemoveAll(
        field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds a Set-Cookie field; replaces an earlier one for the same cookie.</summary>
    internal void SetCookie(string value)
    {
        CookieIdentity cookie = CookieIdentity.Of(value);
        _fields.RemoveAll(field =>
            field.Name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase)
            && CookieIdentity.Of(field.Value) == cookie);
        Add("Set-Cookie", value);
    }

    /// <summary>True if there is a field of that name.</summary>
    public bool Contains(string name)
    {
        // A lambda would allocate for each response.
        foreach ((string one, _) in _fields)
        {
            if (one.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}

using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The fields that a handler adds to a response. What belongs to the framing of the message is the
/// server's and cannot be set; names and values are checked here and once more when they are
/// written, so that nothing can inject a line (RFC 9112 11.1).
/// </summary>
/// <remarks>Loop thread only.</remarks>
public sealed class ResponseHeaders
{
    private static readonly string[] s_framing =
    [
        "Connection", "Content-Length", "Date", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding",
    ];

    private readonly List<(string Name, string Value)> _fields = [];

    /// <summary>How many fields there are.</summary>
    public int Count => _fields.Count;

    /// <summary>A reason phrase of the program's, which stands here because few have one.</summary>
    internal string? Reason { get; set; }

    internal (string Name, string Value) this[int index] => _fields[index];

    /// <summary>Adds a field; one of the same name stays.</summary>
    /// <exception cref="ArgumentException">
    /// The name or value may not be sent, or is the server's.
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

    /// <summary>Sets a field; others of the same name go.</summary>
    /// <exception cref="ArgumentException">
    /// The name or value may not be sent, or is the server's.
    /// </exception>
    public void Set(string name, string value)
    {
        Remove(name);
        Add(name, value);
    }

    /// <summary>Removes every field of a name; how many there were.</summary>
    public int Remove(string name) => _fields.RemoveAll(
        field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds a Set-Cookie field; others of the same cookie go.</summary>
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
        // No lambda: this is asked for each response that has fields, and would allocate.
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

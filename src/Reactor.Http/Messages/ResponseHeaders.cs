using System.Globalization;
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

    private readonly FieldLines _fields = new();
    private string? _frozen;

    /// <summary>The number of fields.</summary>
    public int Count => _fields.Count;

    /// <summary>The reason phrase set by the handler; stored here because it is rare.</summary>
    internal string? Reason { get; set; }

    /// <summary>True if a guard, not the handler, has set the fields of CORS.</summary>
    internal bool HasCors { get; set; }

    internal (string Name, string Value) this[int index] => _fields[index];

    /// <summary>Adds a field; fields of the same name stay.</summary>
    /// <exception cref="ArgumentException">
    /// The name or value is invalid, or the server sets this field.
    /// </exception>
    public void Add(string name, string value)
    {
        ThrowIfFrozen();
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

        _fields.Add(name, value);
    }

    /// <summary>Sets a field; replaces all fields of the same name.</summary>
    /// <inheritdoc cref="Add" path="/exception"/>
    public void Set(string name, string value)
    {
        Remove(name);
        Add(name, value);
    }

    /// <summary>Removes all fields of a name; returns their number.</summary>
    public int Remove(string name)
    {
        ThrowIfFrozen();
        return _fields.Remove(name);
    }

    /// <summary>Adds a Set-Cookie field; replaces an earlier one for the same cookie.</summary>
    internal void SetCookie(string value)
    {
        ThrowIfFrozen();
        CookieIdentity cookie = CookieIdentity.Of(value);
        _fields.RemoveAll(field =>
            field.Name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase)
            && CookieIdentity.Of(field.Value) == cookie);
        Add("Set-Cookie", value);
    }

    /// <summary>Sets Retry-After, in whole seconds, rounded up (RFC 9110 10.2.3).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The time is negative.</exception>
    internal void SetRetryAfter(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        double seconds = Math.Ceiling(time.TotalSeconds);
        Set("Retry-After", seconds.ToString("F0", CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// Adds the name of a request field to Vary, unless it or <c>*</c> is there: caches must not
    /// give the response to a request that differs in that field (RFC 9110 12.5.5).
    /// </summary>
    /// <exception cref="ArgumentException">It is no field name.</exception>
    public void AddVary(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        FieldRules.RequireName(name);
        foreach ((string field, string value) in _fields)
        {
            if (field.Equals("Vary", StringComparison.OrdinalIgnoreCase)
                && value.Split(',', StringSplitOptions.TrimEntries).Any(one =>
                    one == "*" || one.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                return;
            }
        }

        Add("Vary", name);
    }

    /// <summary>
    /// Takes the fields of other headers, in place of those of the same names; Vary is added to.
    /// </summary>
    internal void Override(ResponseHeaders other)
    {
        foreach ((string name, _) in other._fields)
        {
            if (!name.Equals("Vary", StringComparison.OrdinalIgnoreCase))
            {
                Remove(name);
            }
        }

        _fields.AddRange(other._fields);
    }

    /// <summary>The first value of a field, or null.</summary>
    internal string? Find(string name) => _fields.Find(name);

    /// <summary>True if there is a field of that name.</summary>
    public bool Contains(string name) => Contains(name, _fields.Count);

    /// <summary>True if one of the first fields has that name.</summary>
    internal bool Contains(string name, int count) => _fields.Contains(name, count);

    /// <summary>Makes later changes throw.</summary>
    /// <param name="why">The message, which says what to do.</param>
    internal void Freeze(string why) => _frozen = why;

    private void ThrowIfFrozen()
    {
        if (_frozen is not null)
        {
            throw new InvalidOperationException(_frozen);
        }
    }
}

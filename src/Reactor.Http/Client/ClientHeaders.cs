using System.Collections;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The fields of a request that a client sends. Names and values are checked when added (RFC 9112
/// 11.1); the fields that frame the message, Expect and Proxy-Authorization are refused, because
/// the client sets them.
/// </summary>
/// <remarks>
/// Loop thread only while a request is sent. Host, User-Agent, Accept and the Content-Type of a
/// content are set by the client unless they are here; cookies of the jar are added to those in
/// Cookie, unless their names are there.
/// </remarks>
public sealed class ClientHeaders : IReadOnlyList<KeyValuePair<string, string>>
{
    private static readonly string[] s_framing =
    [
        "Connection", "Content-Length", "Keep-Alive", "Proxy-Connection", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade",
    ];

    // A server refuses two of Host and Authorization, and of Cookie there is one (RFC 6265 5.4).
    private static readonly string[] s_single =
        ["Authorization", "Content-Type", "Cookie", "Host", "User-Agent"];

    private readonly FieldLines _fields = new();

    /// <summary>The number of fields.</summary>
    public int Count => _fields.Count;

    /// <summary>The field at an index.</summary>
    public KeyValuePair<string, string> this[int index] =>
        new(_fields[index].Name, _fields[index].Value);

    /// <summary>
    /// The first value of a name, or null. Setting replaces all fields of the name, or removes them
    /// for null.
    /// </summary>
    /// <inheritdoc cref="Add" path="/exception"/>
    public string? this[string name]
    {
        get => _fields.Find(name);
        set
        {
            if (value is null)
            {
                Remove(name);
            }
            else
            {
                Set(name, value);
            }
        }
    }

    /// <summary>Adds a field; fields of the same name stay.</summary>
    /// <exception cref="ArgumentException">
    /// The name or value is invalid, the client sets this field, or the field stands once and is
    /// there.
    /// </exception>
    public void Add(string name, string value)
    {
        ThrowIfRefused(name, value);
        if (IsOneOf(s_single, name) && Contains(name))
        {
            throw new ArgumentException($"{name} stands once: use Set.", nameof(name));
        }

        _fields.Add(name, value);
    }

    /// <summary>Sets a field; replaces all fields of the same name.</summary>
    /// <inheritdoc cref="Add" path="/exception"/>
    public void Set(string name, string value)
    {
        ThrowIfRefused(name, value);
        FieldRules.RequireValue(value); // before the old one is removed
        Remove(name);
        _fields.Add(name, value);
    }

    /// <summary>Removes all fields of a name; returns their number.</summary>
    public int Remove(string name) => _fields.Remove(name);

    /// <summary>True if there is a field of that name.</summary>
    public bool Contains(string name) => _fields.Contains(name, Count);

    /// <summary>Adds the fields of others whose names are not here.</summary>
    internal void AddMissing(ClientHeaders defaults)
    {
        int count = Count;
        foreach ((string name, string value) in defaults._fields)
        {
            if (!_fields.Contains(name, count))
            {
                _fields.Add(name, value);
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
    {
        foreach ((string name, string value) in _fields)
        {
            yield return new(name, value);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static void ThrowIfRefused(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        string? reason = IsOneOf(s_framing, name)
            ? "follows from how the request is sent and cannot be set."
            : Is(name, "Expect")
            ? "needs a wait before the content: set ClientRequest.ExpectsContinue."
            : Is(name, "Proxy-Authorization")
            ? "is for the proxy and no server: set UserName or Authorization of the ClientProxy."
            : null;
        if (reason is not null)
        {
            throw new ArgumentException($"{name} {reason}", nameof(name));
        }

        if (Is(name, "Host") && !Authority.IsValid(Encoding.UTF8.GetBytes(value), 0))
        {
            throw new ArgumentException(
                "Host must be a name or an address, with or without a port (RFC 9110 7.2).",
                nameof(value));
        }
    }

    private static bool Is(string name, string other) =>
        name.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static bool IsOneOf(string[] names, string name) =>
        names.Contains(name, StringComparer.OrdinalIgnoreCase);
}

using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The fields of every response, unless its own fields have the name; checked and encoded once.
/// </summary>
/// <remarks>Immutable.</remarks>
internal sealed class DefaultFields
{
    private readonly List<(string Name, byte[] NameBytes, byte[] Value)> _fields = [];

    /// <exception cref="ArgumentException">
    /// Upgrade is among the headers: it needs Connection: upgrade, in one response (RFC 9110 7.8).
    /// </exception>
    public DefaultFields(string? serverName, ResponseHeaders? headers)
    {
        if (headers?.Contains("Upgrade") == true)
        {
            throw new ArgumentException(
                "Upgrade cannot be a default header: set it in one response.", nameof(headers));
        }

        if (serverName is not null && headers?.Contains("Server") != true)
        {
            Add("Server", serverName);
        }

        for (int i = 0; i < headers?.Count; i++)
        {
            Add(headers[i].Name, headers[i].Value);
        }
    }

    /// <summary>Writes the fields that a response does not have itself.</summary>
    public void Write(ref ResponseHeadWriter head, ResponseHeaders? own = null)
    {
        foreach ((string name, byte[] nameBytes, byte[] value) in _fields)
        {
            if (own?.Contains(name) != true)
            {
                head.Field(nameBytes, value);
            }
        }
    }

    public bool Contains(string name) =>
        _fields.Exists(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Adds a name to the Vary of a response, beside the default one.</summary>
    public void AddVary(ResponseHeaders own, string name)
    {
        if (!own.Contains("Vary") && Contains("Vary"))
        {
            foreach ((string one, _, byte[] value) in _fields)
            {
                if (one.Equals("Vary", StringComparison.OrdinalIgnoreCase))
                {
                    own.Add("Vary", Encoding.Latin1.GetString(value));
                }
            }
        }

        own.AddVary(name);
    }

    private void Add(string name, string value) =>
        _fields.Add((name, Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value)));
}

using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The trailer fields of a streamed response: announced before the head, with values before the end
/// (RFC 9110 6.5).
/// </summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class ResponseTrailers
{
    private readonly List<(string Name, string? Value)> _fields = [];

    /// <summary>The value of the Trailer field.</summary>
    public string Names => string.Join(", ", _fields.Select(one => one.Name));

    /// <exception cref="ArgumentException">The name may not stand in a trailer section.</exception>
    public void Announce(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        FieldRules.RequireName(name);
        KnownHeader known = KnownHeaders.Find(Encoding.ASCII.GetBytes(name));
        if (TrailerSection.IsForbidden(known))
        {
            throw new ArgumentException(
                $"{name} must not be a trailer field (RFC 9110 6.5.1): send it in the head.",
                nameof(name));
        }

        if (IndexOf(name) < 0)
        {
            _fields.Add((name, null));
        }
    }

    /// <exception cref="ArgumentException">The value is invalid.</exception>
    /// <exception cref="InvalidOperationException">The name was not announced.</exception>
    public void Set(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(value);
        FieldRules.RequireValue(value);
        int index = IndexOf(name);
        if (index < 0)
        {
            throw new InvalidOperationException(
                $"The trailer {name} was not announced: call AnnounceTrailer before Prepare.");
        }

        _fields[index] = (_fields[index].Name, value);
    }

    /// <summary>
    /// Writes the section with its empty line, without fields that have no value.
    /// </summary>
    public void Write(ref ResponseHeadWriter section)
    {
        foreach ((string name, string? value) in _fields)
        {
            if (value is not null)
            {
                section.Field(name, value);
            }
        }

        section.End();
    }

    private int IndexOf(string name) => _fields.FindIndex(
        one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}

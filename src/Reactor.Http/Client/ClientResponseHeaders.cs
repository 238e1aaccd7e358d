using System.Collections;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// The fields of a response as text, a pair per field line, in order. Names are case-insensitive;
/// values are decoded as Latin-1.
/// </summary>
/// <remarks>Immutable; any thread, also after the response.</remarks>
public sealed class ClientResponseHeaders : IReadOnlyList<KeyValuePair<string, string>>,
    IRequestValues
{
    private readonly KeyValuePair<string, string>[] _fields;

    internal ClientResponseHeaders(KeyValuePair<string, string>[] fields) => _fields = fields;

    internal static ClientResponseHeaders Empty { get; } = new([]);

    /// <summary>The number of field lines.</summary>
    public int Count => _fields.Length;

    string IRequestValues.Kind => "header field";

    /// <summary>The field line at an index.</summary>
    public KeyValuePair<string, string> this[int index] => _fields[index];

    /// <summary>The first value of a name, or null.</summary>
    public string? this[string name] => GetAll(name).FirstOrDefault();

    /// <summary>All values of a name, in order.</summary>
    public IEnumerable<string> GetAll(string name) => _fields
        .Where(field => field.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
        .Select(field => field.Value);

    internal static ClientResponseHeaders Of(MessageHead head)
    {
        var fields = new KeyValuePair<string, string>[head.Count];
        for (int i = 0; i < fields.Length; i++)
        {
            Field field = head[i];
            fields[i] = new(
                Encoding.Latin1.GetString(field.Name), Encoding.Latin1.GetString(field.Value));
        }

        return new ClientResponseHeaders(fields);
    }

    internal ClientResponseHeaders Without(params string[] names) => new([.. _fields.Where(
        field => !names.Contains(field.Key, StringComparer.OrdinalIgnoreCase))]);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, string>>)_fields).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    string? IRequestValues.Find(string name) => this[name];

    IEnumerable<string> IRequestValues.FindAll(string name) => GetAll(name);
}

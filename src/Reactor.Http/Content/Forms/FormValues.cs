using System.Collections;

namespace Reactor.Http;

/// <summary>
/// The fields of a form in their order, decoded, and its files (aiohttp: <c>request.post()</c>).
/// An urlencoded form and a multipart form with the same fields read the same.
/// </summary>
/// <remarks>Loop thread only. A look-up takes constant time.</remarks>
public sealed class FormValues : IReadOnlyList<KeyValuePair<string, string>>, IRequestValues
{
    private readonly List<FormFile> _files = [];

    internal FormValues(QueryValues fields) => Fields = fields;

    /// <summary>The number of fields, files excluded.</summary>
    public int Count => Fields.Count;

    /// <summary>
    /// The files, in order. They are deleted when the request ends. An input in which the user
    /// chose
    /// no file is not in the list.
    /// </summary>
    public IReadOnlyList<FormFile> Files => _files;

    internal QueryValues Fields { get; }

    string IRequestValues.Kind => "form field";

    /// <summary>The field at an index.</summary>
    public KeyValuePair<string, string> this[int index] => Fields[index];

    /// <summary>The first value of a name, case-sensitive, or null.</summary>
    public string? this[string name] => Fields[name];

    /// <summary>All values of a name, in order; takes linear time.</summary>
    public IEnumerable<string> GetAll(string name) => Fields.GetAll(name);

    /// <summary>The first file of a name, case-sensitive, or null; takes linear time.</summary>
    public FormFile? GetFile(string name) => _files.Find(file => file.Name == name);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, string>> GetEnumerator() => Fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    string? IRequestValues.Find(string name) => Fields[name];

    IEnumerable<string> IRequestValues.FindAll(string name) => Fields.GetAll(name);

    internal void Add(FormFile file) => _files.Add(file);
}

using System.Globalization;

namespace Reactor.Http;

/// <summary>
/// A value that says what is wrong with it. <c>JsonAsync</c> and <c>ReadNdjson</c> ask every value
/// that they read, and answer with 422 if something is.
/// </summary>
public interface IValidatable
{
    /// <summary>Reports what is wrong; called on the thread that reads the value.</summary>
    void Validate(Validation check);
}

/// <summary>
/// Collects errors by field, and throws them as one response: 422 with the messages by field name
/// (RFC 9457). Names of nested fields are as in JavaScript: <c>address.street</c>,
/// <c>items[2].name</c>.
/// </summary>
/// <remarks>
/// Not thread-safe. At most <see cref="ErrorsMax"/> errors are kept, so that a request of many
/// invalid items has a small response. Fields and messages are sent as they are: do not put values
/// of the client into them.
/// </remarks>
/// <example><code>
/// var check = new Validation();
/// check.Require(todo.Title?.Length is > 0 and &lt;= 200, "title", "must have 1 to 200 letters");
/// check.ThrowIfAny();
/// </code></example>
public sealed class Validation
{
    /// <summary>The number of errors that are kept.</summary>
    public const int ErrorsMax = 100;

    private readonly Dictionary<string, List<string>> _errors = [];
    private string _path = "";
    private int _count;

    /// <summary>True if there is an error.</summary>
    public bool HasErrors => _count > 0;

    /// <summary>The messages by field, in the order of their reports.</summary>
    public IReadOnlyDictionary<string, string[]> Errors =>
        _errors.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray());

    /// <summary>Reports an error unless a condition holds; returns the condition.</summary>
    /// <param name="condition">What must be true.</param>
    /// <param name="field">The field; empty for the value itself.</param>
    /// <param name="message">What the client must change, such as <c>must not be empty</c>.</param>
    public bool Require(bool condition, string field, string message)
    {
        if (!condition)
        {
            Add(field, message);
        }

        return condition;
    }

    /// <summary>Reports an error.</summary>
    /// <inheritdoc cref="Require" path="/param"/>
    public void Add(string field, string message)
    {
        ArgumentNullException.ThrowIfNull(field);
        ArgumentNullException.ThrowIfNull(message);
        if (_count == ErrorsMax)
        {
            return;
        }

        _count++;
        string name = Join(field);
        if (!_errors.TryGetValue(name, out List<string>? messages))
        {
            _errors.Add(name, messages = []);
        }

        messages.Add(message);
    }

    /// <summary>Asks a nested value, whose fields are named below this field.</summary>
    /// <param name="field">The field; empty if the value has no name of its own.</param>
    /// <param name="value">The value; null has no errors.</param>
    public void Check(string field, IValidatable? value)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (value is null)
        {
            return;
        }

        string outside = _path;
        _path = field.Length == 0 ? outside : Join(field);
        try
        {
            value.Validate(this);
        }
        finally
        {
            _path = outside;
        }
    }

    /// <summary>Asks each item of a list, named by its index.</summary>
    /// <param name="field">The field; empty for a list without a name.</param>
    /// <param name="items">The items; null has no errors.</param>
    public void CheckEach(string field, IEnumerable<IValidatable?>? items)
    {
        ArgumentNullException.ThrowIfNull(field);
        int index = 0;
        foreach (IValidatable? item in items ?? [])
        {
            if (_count == ErrorsMax)
            {
                return;
            }

            Check(string.Create(CultureInfo.InvariantCulture, $"{field}[{index++}]"), item);
        }
    }

    /// <summary>Throws if there is an error.</summary>
    /// <exception cref="HttpException">422 with the errors by field.</exception>
    public void ThrowIfAny()
    {
        if (HasErrors)
        {
            throw HttpException.UnprocessableContent("The content has invalid fields.", Errors);
        }
    }

    /// <summary>Asks a value that was read, if it can be asked.</summary>
    internal static void ThrowIfInvalid(object value, string field)
    {
        if (value is not (IValidatable or IEnumerable<IValidatable>))
        {
            return;
        }

        var check = new Validation();
        check.Check(field, value as IValidatable);
        check.CheckEach(field, value as IEnumerable<IValidatable>);
        check.ThrowIfAny();
    }

    private string Join(string field) =>
        field.Length == 0 ? (_path.Length == 0 ? "$" : _path)
        : _path.Length == 0 || field[0] == '[' ? _path + field
        : $"{_path}.{field}";
}

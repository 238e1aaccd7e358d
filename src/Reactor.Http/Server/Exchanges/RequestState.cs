using System.Diagnostics.CodeAnalysis;

namespace Reactor.Http;

/// <summary>
/// The key of a value that belongs to one request, such as the user that a middleware found. A key
/// is equal to itself only: make one, in a static readonly field.
/// </summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="name">A name for messages.</param>
/// <remarks>Immutable; any thread.</remarks>
public sealed class RequestKey<T>(string name)
{
    /// <summary>The name, for messages.</summary>
    public string Name { get; } = name ?? throw new ArgumentNullException(nameof(name));

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>The values of one request, by typed key (aiohttp: <c>request[key]</c>).</summary>
/// <remarks>Loop thread only. Ends with the request.</remarks>
public sealed class RequestState
{
    // A request has one or two values: a list of pairs is smaller than a dictionary.
    private readonly List<(object Key, object? Value)> _values = [];

    internal RequestState()
    {
    }

    /// <summary>Sets the value of a key; replaces an earlier one.</summary>
    public void Set<T>(RequestKey<T> key, T value)
    {
        ArgumentNullException.ThrowIfNull(key);
        int index = IndexOf(key);
        if (index < 0)
        {
            _values.Add((key, value));
        }
        else
        {
            _values[index] = (key, value);
        }
    }

    /// <summary>The value of a key.</summary>
    /// <exception cref="KeyNotFoundException">The request has no value of that key.</exception>
    public T Get<T>(RequestKey<T> key) => TryGet(key, out T? value)
        ? value
        : throw new KeyNotFoundException(
            $"The request has no value '{key}': a middleware must set it first.");

    /// <summary>Gets the value of a key; false if there is none.</summary>
    public bool TryGet<T>(RequestKey<T> key, [MaybeNullWhen(false)] out T value)
    {
        ArgumentNullException.ThrowIfNull(key);
        int index = IndexOf(key);
        value = index < 0 ? default : (T)_values[index].Value!;
        return index >= 0;
    }

    private int IndexOf(object key) => _values.FindIndex(pair => ReferenceEquals(pair.Key, key));
}

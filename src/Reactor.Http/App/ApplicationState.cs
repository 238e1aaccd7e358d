using System.Diagnostics.CodeAnalysis;

namespace Reactor.Http;

/// <summary>
/// The key of a value that belongs to an application, such as its database (aiohttp:
/// <c>web.AppKey</c>). A key is equal to itself only: make one, in a static readonly field.
/// </summary>
/// <typeparam name="T">The type of the value.</typeparam>
/// <param name="name">A name for messages.</param>
/// <remarks>Immutable; any thread.</remarks>
public sealed class AppKey<T>(string name)
{
    /// <summary>The name, for messages.</summary>
    public string Name { get; } = name ?? throw new ArgumentNullException(nameof(name));

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>
/// The values of an application, by typed key (aiohttp: <c>app[key]</c>). A sub-application sees
/// those of the application that it is mounted in.
/// </summary>
/// <remarks>
/// One thread sets it up; then the loop thread only. Values are set until
/// <see cref="Application.OnStartup"/> has run; what changes later is a value that can change.
/// </remarks>
public sealed class ApplicationState
{
    // Replaced, not changed: a loop may set a value while another one reads.
    private volatile Dictionary<object, object?> _values = [];

    internal ApplicationState()
    {
    }

    /// <summary>The state of the application that this one is mounted in, or null.</summary>
    internal ApplicationState? Parent { get; set; }

    /// <summary>False from the end of the start to the beginning of the end.</summary>
    internal bool IsOpen { get; set; } = true;

    /// <summary>Sets the value of a key; replaces an earlier one.</summary>
    /// <exception cref="InvalidOperationException">The application has started.</exception>
    public void Set<T>(AppKey<T> key, T value)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (!IsOpen)
        {
            throw new InvalidOperationException(
                $"Too late to set '{key}': the application has started. Set an object that can "
                + "change, such as a dictionary, in OnStartup or before.");
        }

        _values = new(_values) { [key] = value };
    }

    /// <summary>The value of a key, here or in an application around this one.</summary>
    /// <exception cref="KeyNotFoundException">No application has a value of that key.</exception>
    public T Get<T>(AppKey<T> key) => TryGet(key, out T? value)
        ? value
        : throw new KeyNotFoundException(
            $"The application has no value '{key}': set it before it is served, or in OnStartup.");

    /// <summary>Gets the value of a key; false if no application has one.</summary>
    public bool TryGet<T>(AppKey<T> key, [MaybeNullWhen(false)] out T value)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (_values.TryGetValue(key, out object? found))
        {
            value = (T)found!;
            return true;
        }

        value = default;
        return Parent is { } parent && parent.TryGet(key, out value);
    }
}

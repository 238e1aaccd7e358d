using System.Collections;

namespace Reactor;

/// <summary>
/// The named values of a log message, with control characters escaped. The log thread.
/// </summary>
internal sealed class SafeLogState(string message, object? state)
    : IReadOnlyList<KeyValuePair<string, object?>>
{
    private readonly IReadOnlyList<KeyValuePair<string, object?>> _values =
        state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];

    /// <inheritdoc/>
    public int Count => _values.Count;

    /// <inheritdoc/>
    public KeyValuePair<string, object?> this[int index] =>
        new(_values[index].Key, LogText.Escape(_values[index].Value));

    public static string Format(SafeLogState state, Exception? error) => state.ToString();

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() =>
        Enumerable.Range(0, Count).Select(i => this[i]).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public override string ToString() => message;
}

using System.Collections.ObjectModel;

namespace Reactor.Http;

/// <summary>A list of an application, which throws when it is changed too late.</summary>
/// <remarks>One thread fills it; then any number of threads read it.</remarks>
/// <typeparam name="T">The type of the items.</typeparam>
/// <param name="throwIfFrozen">Throws, with a name, if the application is served.</param>
/// <param name="name">The name of the list, for the message.</param>
internal sealed class Freezable<T>(Action<string> throwIfFrozen, string name) : Collection<T>
{
    /// <inheritdoc/>
    protected override void InsertItem(int index, T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        throwIfFrozen(name);
        base.InsertItem(index, item);
    }

    /// <inheritdoc/>
    protected override void SetItem(int index, T item)
    {
        ArgumentNullException.ThrowIfNull(item);
        throwIfFrozen(name);
        base.SetItem(index, item);
    }

    /// <inheritdoc/>
    protected override void RemoveItem(int index)
    {
        throwIfFrozen(name);
        base.RemoveItem(index);
    }

    /// <inheritdoc/>
    protected override void ClearItems()
    {
        throwIfFrozen(name);
        base.ClearItems();
    }
}

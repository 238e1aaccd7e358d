using System.Collections;
using System.Diagnostics;

namespace Reactor.Net;

/// <summary>
/// A list in the order of joining whose links are a field of the elements, so that to join and to
/// leave take neither memory nor a search: a hash set of connections would take some 85 bytes for
/// each of them, with what its growth throws away.
/// </summary>
/// <remarks>
/// Loop thread only. Who enumerates gets those of the beginning, whoever joins or leaves meanwhile.
/// Whether an element is in this list cannot be seen without a search, so it is not checked.
/// </remarks>
/// <typeparam name="T">What is in the list.</typeparam>
/// <typeparam name="TLinks">
/// Which field of an element holds the links. A struct: then every call of it is a plain one, and
/// it can stay a private matter of the element, as an interface of the element could not.
/// </typeparam>
#pragma warning disable CA1710 // "intrusive list" is what everybody calls it
public sealed class IntrusiveList<T, TLinks> : IReadOnlyCollection<T>
#pragma warning restore CA1710
    where T : class
    where TLinks : struct, IListLinks<T>
{
    private T? _first;
    private T? _last;

    /// <summary>How many are in the list. Loop thread only.</summary>
    public int Count { get; private set; }

    /// <summary>
    /// Adds one at the end, which is in no list that uses the same field. Loop thread only.
    /// </summary>
    public void Add(T element)
    {
        ref ListLinks<T> links = ref LinksOf(element);
        Debug.Assert(
            links is { Previous: null, Next: null } && !ReferenceEquals(_first, element),
            "an element stands in one list, once");
        links.Previous = _last;
        if (_last is null)
        {
            _first = element;
        }
        else
        {
            LinksOf(_last).Next = element;
        }

        _last = element;
        Count++;
    }

    /// <summary>Removes one that is in this list. Loop thread only.</summary>
    public void Remove(T element)
    {
        ref ListLinks<T> links = ref LinksOf(element);
        Debug.Assert(
            links.Previous is not null || ReferenceEquals(_first, element),
            "who has no predecessor is the first");
        if (links.Previous is { } previous)
        {
            LinksOf(previous).Next = links.Next;
        }
        else
        {
            _first = links.Next;
        }

        if (links.Next is { } next)
        {
            LinksOf(next).Previous = links.Previous;
        }
        else
        {
            _last = links.Previous;
        }

        links = default;
        Count--;
    }

    /// <summary>The first element, or null. Loop thread only.</summary>
    public T? First => _first;

    /// <summary>The element behind one of this list, or null. Loop thread only.</summary>
    public T? NextOf(T element) => LinksOf(element).Next;

    /// <summary>Moves one that is in this list to its end. Loop thread only.</summary>
    public void MoveToEnd(T element)
    {
        if (!ReferenceEquals(_last, element))
        {
            Remove(element);
            Add(element);
        }
    }

    /// <summary>Those who are in the list now, in the order they came. Loop thread only.</summary>
    public IEnumerator<T> GetEnumerator()
    {
        var all = new List<T>(Count);
        for (T? one = _first; one is not null; one = LinksOf(one).Next)
        {
            all.Add(one);
        }

        return all.GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // Not a static member of the interface: in code shared by all T that is a look-up each time.
    private static ref ListLinks<T> LinksOf(T element) => ref default(TLinks).Of(element);
}

/// <summary>
/// Tells an <see cref="IntrusiveList{T, TLinks}"/> where its elements keep their links.
/// </summary>
/// <typeparam name="T">What is in the list.</typeparam>
public interface IListLinks<T>
    where T : class
{
    /// <summary>The field of an element that holds its links. Loop thread only.</summary>
    ref ListLinks<T> Of(T element);
}

/// <summary>
/// The neighbours of an element in an <see cref="IntrusiveList{T, TLinks}"/>: a field of the
/// element, which only the list reads and writes. Loop thread only.
/// </summary>
/// <typeparam name="T">What is in the list.</typeparam>
public struct ListLinks<T>
    where T : class
{
    internal T? Previous;
    internal T? Next;
}

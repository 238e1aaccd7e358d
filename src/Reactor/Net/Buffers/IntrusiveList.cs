using System.Collections;
using System.Diagnostics;

namespace Reactor.Net;

/// <summary>
/// A list whose links are a field of the elements: adding and removing take neither memory nor a
/// search. A hash set would take some 85 bytes for each connection.
/// </summary>
/// <remarks>
/// Loop thread only. An enumeration is a snapshot. Membership is not checked.
/// </remarks>
/// <typeparam name="T">The elements.</typeparam>
/// <typeparam name="TLinks">Finds the links; a struct, so that calls are direct.</typeparam>
#pragma warning disable CA1710 // the usual name of this structure
internal sealed class IntrusiveList<T, TLinks> : IReadOnlyCollection<T>
#pragma warning restore CA1710
    where T : class
    where TLinks : struct, IListLinks<T>
{
    private T? _last;

    /// <inheritdoc/>
    public int Count { get; private set; }

    /// <summary>Adds an element, which is in no list with the same links, at the end.</summary>
    public void Add(T element)
    {
        ref ListLinks<T> links = ref LinksOf(element);
        Debug.Assert(
            links is { Previous: null, Next: null } && !ReferenceEquals(First, element),
            "an element stands in one list, once");
        links.Previous = _last;
        if (_last is null)
        {
            First = element;
        }
        else
        {
            LinksOf(_last).Next = element;
        }

        _last = element;
        Count++;
    }

    public void Remove(T element)
    {
        ref ListLinks<T> links = ref LinksOf(element);
        Debug.Assert(
            links.Previous is not null || ReferenceEquals(First, element),
            "an element without a predecessor is the first");
        if (links.Previous is { } previous)
        {
            LinksOf(previous).Next = links.Next;
        }
        else
        {
            First = links.Next;
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

    public T? First { get; private set; }

    /// <summary>The element after one of this list, or null.</summary>
#pragma warning disable CA1822 // an instance member, because the element must be of this list
    public T? NextOf(T element) => LinksOf(element).Next;
#pragma warning restore CA1822

    public void MoveToEnd(T element)
    {
        if (!ReferenceEquals(_last, element))
        {
            Remove(element);
            Add(element);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator()
    {
        var all = new List<T>(Count);
        for (T? one = First; one is not null; one = LinksOf(one).Next)
        {
            all.Add(one);
        }

        return all.GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // A static interface member would be a look-up in shared generic code.
    private static ref ListLinks<T> LinksOf(T element) => ref default(TLinks).Of(element);
}

/// <summary>Finds the links of an <see cref="IntrusiveList{T, TLinks}"/>.</summary>
internal interface IListLinks<T> where T : class
{
    /// <summary>The field of an element that holds its links.</summary>
    ref ListLinks<T> Of(T element);
}

/// <summary>The neighbours of an element in an <see cref="IntrusiveList{T, TLinks}"/>.</summary>
internal struct ListLinks<T> where T : class
{
    internal T? Previous;
    internal T? Next;
}

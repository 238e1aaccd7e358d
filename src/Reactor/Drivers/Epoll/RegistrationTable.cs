using System.Diagnostics;

namespace Reactor.Drivers;

/// <summary>Whoever hears of the readiness of one descriptor.</summary>
internal interface IEpollTarget
{
    /// <summary>True for a descriptor of somebody else, which is only watched.</summary>
    bool IsForeign { get; }

    /// <summary>Something happened. From inside the poll; runs no user code.</summary>
    void OnEvents(EpollEvents events);

    /// <summary>
    /// The driver is disposed of: gives back the descriptor, if it is the driver's own, and touches
    /// it no more.
    /// </summary>
    void Release();
}

/// <summary>
/// Who stands behind a descriptor, by its number, and for the how-manieth time the number is in
/// use. Both together are what the kernel keeps for us with a registration and gives back with each
/// event; an event whose count is not that of today belongs to somebody who has gone.
/// </summary>
/// <remarks>
/// Loop thread only. The kernel gives out the lowest number that is free, so the table is as dense
/// as a list of slots would be, without one. It grows by pages that stay where they are: doubling
/// would throw away as much as it holds. The count wraps around after four thousand million
/// uses of one number, and by then no event is that old.
/// </remarks>
internal sealed class RegistrationTable
{
    private struct Place
    {
        public IEpollTarget? Target;
        public uint Generation;
    }

    /// <summary>Places of a page, 16 KiB.</summary>
    private const int PagePlaces = 1024;

    private Place[][] _pages = [];

    /// <summary>The target of a descriptor, or null.</summary>
    public IEpollTarget? this[int descriptor] =>
        descriptor / PagePlaces < _pages.Length ? PlaceOf(descriptor).Target : null;

    /// <summary>Puts a target behind a descriptor that has none.</summary>
    /// <returns>The data to register it with.</returns>
    public ulong Add(int descriptor, IEpollTarget target)
    {
        Debug.Assert(this[descriptor] is null, "a descriptor has one target");
        if (descriptor / PagePlaces >= _pages.Length)
        {
            int first = _pages.Length;
            Array.Resize(ref _pages, (descriptor / PagePlaces) + 1);
            for (int i = first; i < _pages.Length; i++)
            {
                _pages[i] = new Place[PagePlaces];
            }
        }

        PlaceOf(descriptor).Target = target;
        return DataOf(descriptor);
    }

    /// <summary>Another target takes over, with the registration as it is.</summary>
    public void Replace(int descriptor, IEpollTarget target)
    {
        Debug.Assert(this[descriptor] is not null, "there is somebody to take over from");
        PlaceOf(descriptor).Target = target;
    }

    /// <summary>The descriptor is about to be closed: no event of it counts any more.</summary>
    public void Remove(int descriptor)
    {
        ref Place place = ref PlaceOf(descriptor);
        place.Target = null;
        place.Generation++;
    }

    /// <summary>What a registration of a descriptor carries now.</summary>
    public ulong DataOf(int descriptor) =>
        ((ulong)PlaceOf(descriptor).Generation << 32) | (uint)descriptor;

    /// <summary>Who an event is for; null: for somebody who has gone.</summary>
    public IEpollTarget? Find(ulong data)
    {
        uint descriptor = (uint)data;
        Place[][] pages = _pages;
        uint page = descriptor / PagePlaces;
        if (page >= (uint)pages.Length)
        {
            return null;
        }

        ref Place place = ref pages[page][descriptor % PagePlaces];
        return place.Generation == (uint)(data >> 32) ? place.Target : null;
    }

    /// <summary>Empties the table and has every target give back its descriptor.</summary>
    public void ReleaseAll()
    {
        Place[][] pages = _pages;
        _pages = [];
        foreach (Place place in pages.SelectMany(page => page))
        {
            place.Target?.Release();
        }
    }

    private ref Place PlaceOf(int descriptor) =>
        ref _pages[(uint)descriptor / PagePlaces][(uint)descriptor % PagePlaces];
}

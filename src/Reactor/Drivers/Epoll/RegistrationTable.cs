using System.Diagnostics;

namespace Reactor.Drivers;

/// <summary>Receives the events of a descriptor on the loop thread.</summary>
internal interface IEpollTarget
{
    /// <summary>Handles events inside the poll; runs no user code.</summary>
    void OnEvents(EpollEvents events);

    /// <summary>The driver is disposed: closes the descriptor if it is the driver's own.</summary>
    void Release();
}

/// <summary>
/// The target of each descriptor and the descriptor's generation. The kernel returns number and
/// generation with each event; an event of an earlier generation has no target.
/// </summary>
/// <remarks>
/// Loop thread only. Dense, as the kernel gives out the lowest free number; grows by pages. The
/// generation wraps around after 2³² uses of a number; no event is that old.
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

    public IEpollTarget? this[int descriptor] =>
        descriptor / PagePlaces < _pages.Length ? PlaceOf(descriptor).Target : null;

    /// <summary>Sets the target of a descriptor; returns the data to register.</summary>
    public ulong Add(int descriptor, IEpollTarget target)
    {
        Debug.Assert(this[descriptor] is null, "a descriptor has one target");
        while (descriptor / PagePlaces >= _pages.Length)
        {
            _pages = [.. _pages, new Place[PagePlaces]];
        }

        PlaceOf(descriptor).Target = target;
        return DataOf(descriptor);
    }

    /// <summary>Replaces the target; the registration stays.</summary>
    public void Replace(int descriptor, IEpollTarget target)
    {
        Debug.Assert(this[descriptor] is not null, "there is a target to replace");
        PlaceOf(descriptor).Target = target;
    }

    /// <summary>Ends the generation, before the descriptor is closed.</summary>
    public void Remove(int descriptor)
    {
        ref Place place = ref PlaceOf(descriptor);
        place.Target = null;
        place.Generation++;
    }

    /// <summary>The data of a registration: number and generation.</summary>
    public ulong DataOf(int descriptor) =>
        ((ulong)PlaceOf(descriptor).Generation << 32) | (uint)descriptor;

    /// <summary>The target of an event; null if the generation has ended.</summary>
    public IEpollTarget? Find(ulong data)
    {
        uint descriptor = (uint)data;
        if (descriptor / PagePlaces >= (uint)_pages.Length)
        {
            return null;
        }

        ref Place place = ref PlaceOf((int)descriptor);
        return place.Generation == (uint)(data >> 32) ? place.Target : null;
    }

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

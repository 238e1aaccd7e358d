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
/// as a list of slots would be, without one. The count wraps around after four thousand million
/// uses of one number, and by then no event is that old.
/// </remarks>
internal sealed class RegistrationTable
{
    private struct Place
    {
        public IEpollTarget? Target;
        public uint Generation;
    }

    private Place[] _places = new Place[64];

    /// <summary>The target of a descriptor, or null.</summary>
    public IEpollTarget? this[int descriptor] =>
        descriptor < _places.Length ? _places[descriptor].Target : null;

    /// <summary>Puts a target behind a descriptor that has none.</summary>
    /// <returns>The data to register it with.</returns>
    public ulong Add(int descriptor, IEpollTarget target)
    {
        Debug.Assert(this[descriptor] is null, "a descriptor has one target");
        if (descriptor >= _places.Length)
        {
            Array.Resize(
                ref _places, (int)Math.Max((uint)descriptor + 1, (uint)_places.Length * 2));
        }

        _places[descriptor].Target = target;
        return DataOf(descriptor);
    }

    /// <summary>Another target takes over, with the registration as it is.</summary>
    public void Replace(int descriptor, IEpollTarget target)
    {
        Debug.Assert(this[descriptor] is not null, "there is somebody to take over from");
        _places[descriptor].Target = target;
    }

    /// <summary>The descriptor is about to be closed: no event of it counts any more.</summary>
    public void Remove(int descriptor)
    {
        _places[descriptor].Target = null;
        _places[descriptor].Generation++;
    }

    /// <summary>What a registration of a descriptor carries now.</summary>
    public ulong DataOf(int descriptor) =>
        ((ulong)_places[descriptor].Generation << 32) | (uint)descriptor;

    /// <summary>Who an event is for; null: for somebody who has gone.</summary>
    public IEpollTarget? Find(ulong data)
    {
        int descriptor = (int)(uint)data;
        Place[] places = _places;
        if ((uint)descriptor >= (uint)places.Length)
        {
            return null;
        }

        ref Place place = ref places[descriptor];
        return place.Generation == (uint)(data >> 32) ? place.Target : null;
    }

    /// <summary>Empties the table and has every target give back its descriptor.</summary>
    public void ReleaseAll()
    {
        Place[] places = _places;
        _places = [];
        foreach (ref Place place in places.AsSpan())
        {
            place.Target?.Release();
        }
    }
}

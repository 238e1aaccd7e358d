using System.ComponentModel;

namespace Reactor;

/// <summary>
/// An entry of a <see cref="TimerQueue"/>, armed at most once at a time. A sleeping task is its own
/// entry and needs no timer object.
/// </summary>
/// <remarks>Loop thread only. Derived only in this library.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class TimerEntry
{
    // The sequence number, shifted, and the mark in bit 0: a bool would add a word to each object.
    private long _place;

    /// <summary>
    /// The sequence number of the current arming, or 0. A slot with another number is stale, so an
    /// entry can be armed again while its old slot is in the heap.
    /// </summary>
    internal long ArmedSequence
    {
        get => _place >> 1;
        set => _place = (value << 1) | (_place & 1);
    }

    /// <summary>Bit 0 is reserved for <c>LoopWork.IsQueued</c>.</summary>
    private protected bool Mark
    {
        get => (_place & 1) != 0;
        set => _place = (_place & ~1L) | (value ? 1L : 0L);
    }

    private protected TimerEntry()
    {
    }

    /// <summary>True until the armed entry is due or cancelled.</summary>
    internal bool IsArmed => _place > 1;
}

namespace Reactor;

/// <summary>
/// Anything that can wait in a <see cref="TimerQueue"/>. An entry is armed at most once at a time;
/// being the entry itself, instead of being pointed to by one, a sleeping task needs no timer
/// object.
/// </summary>
/// <remarks>Loop thread only. Derived from inside this library.</remarks>
public abstract class TimerEntry
{
    // The sequence number above the lowest bit, which is the mark. One word for both: a bool beside
    // a long takes a word, in everything that the loop runs.
    private long _place;

    /// <summary>
    /// The sequence number under which this entry is armed; 0 when it is not. A heap slot with
    /// another number is stale: that is how cancelling costs O(1) and an entry can be armed anew
    /// while its cancelled slot still lies in the heap.
    /// </summary>
    internal long ArmedSequence
    {
        get => _place >> 1;
        set => _place = (value << 1) | (_place & 1);
    }

    /// <summary>A bit for the room above, of which nothing is known here.</summary>
    private protected bool Mark
    {
        get => (_place & 1) != 0;
        set => _place = (_place & ~1L) | (value ? 1L : 0L);
    }

    private protected TimerEntry()
    {
    }

    /// <summary>True between arming and the moment the entry falls due or is cancelled.</summary>
    internal bool IsArmed => _place > 1;
}

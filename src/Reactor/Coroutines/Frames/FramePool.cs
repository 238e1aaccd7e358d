using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// The frames of one coroutine method that can be reused on one loop: a handler that is called a
/// million times needs one frame, and the call allocates nothing.
/// </summary>
/// <remarks>
/// <para>
/// A frame comes here once its caller took the result; a coroutine struct that still refers to it
/// has an old ticket.
/// </para>
/// <para>
/// Not pooled: the bottom frame of a task, which names it after its end (an old frame that refers
/// to a young task costs the collector a card); frames of generators; all while a debug loop runs.
/// </para>
/// <para>
/// Only every eighth new frame is reused: enough for calls that end before the next begins, and a
/// deep recursion does not pay for clearing frames.
/// </para>
/// </remarks>
internal sealed class FramePool<TStateMachine>
{
    /// <summary>
    /// Handlers that end in one turn leave their frames to those of the next; some 50 KiB.
    /// </summary>
    public const int FramesMax = 512;

    /// <summary>A power of two.</summary>
    public const int MadeForEachKept = 8;

    private const int FirstPlaces = 32;

    // A store into an array of classes checks the type; into an array of structs it does not.
    private struct Place
    {
        public CoroutineFrame? Frame;
    }

    // Indexing the scheduler's array costs a few instructions, a thread static of a generic class
    // two calls. An initializer would be checked at each access in code compiled earlier.
    private static int s_slot;

    private Place[] _places = [];
    private int _count;
    private int _made;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FramePool<TStateMachine> Of(CoroutineScheduler scheduler) =>
        scheduler.TryGetSlot(s_slot) is { } pool
            ? Unsafe.As<FramePool<TStateMachine>>(pool)
            : Make(scheduler);

    public int Count => _count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CoroutineFrame? TryTake()
    {
        int last = _count - 1;
        Place[] places = _places;
        if ((uint)last >= (uint)places.Length)
        {
            return null;
        }

        CoroutineFrame? frame = places[last].Frame;
        places[last].Frame = null; // a frame in use that is lost must not be held
        _count = last;
        frame!.State = FrameState.Cold;
        return frame;
    }

    /// <summary>Counts a new frame; true if it is to be reused.</summary>
    public bool KeepsNext() => (++_made & (MadeForEachKept - 1)) == 0;

    /// <summary>Adds a cleared frame; false if the pool is full.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryAdd(CoroutineFrame frame)
    {
        Place[] places = _places;
        int count = _count;
        if ((uint)count >= (uint)places.Length && !TryGrow(ref places))
        {
            return false;
        }

        places[count].Frame = frame;
        _count = count + 1;
        return true;
    }

    private bool TryGrow(ref Place[] places)
    {
        if (_count == FramesMax)
        {
            return false;
        }

        Array.Resize(ref _places, Math.Max(FirstPlaces, 2 * _count));
        places = _places;
        return true;
    }

    private static FramePool<TStateMachine> Make(CoroutineScheduler scheduler)
    {
        if (Volatile.Read(ref s_slot) == 0)
        {
            Interlocked.CompareExchange(ref s_slot, CoroutineScheduler.NextSlot(), 0);
        }

        var pool = new FramePool<TStateMachine>();
        scheduler.SetSlot(s_slot, pool);
        return pool;
    }
}

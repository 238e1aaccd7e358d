using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// The reusable frames of one coroutine method on one loop: repeated calls allocate nothing.
/// </summary>
/// <remarks>
/// A frame is added once its caller took the result. Not pooled: bottom frames of tasks (an old
/// frame that refers to a young task costs the collector a card), generators, and all while a debug
/// loop runs. Only every eighth new frame is reused: enough for calls in sequence, and a deep
/// recursion does not pay for clearing frames.
/// </remarks>
internal sealed class FramePool<TStateMachine>
{
    /// <summary>Enough for the handlers of one turn; some 50 KiB.</summary>
    public const int FramesMax = 512;

    /// <summary>A power of two.</summary>
    public const int MadeForEachKept = 8;

    private const int FirstPlaces = 32;

    // A store into an array of structs does not check the type.
    private struct Place
    {
        public CoroutineFrame? Frame;
    }

    // An index into the scheduler's array: a thread static of a generic class costs two calls. No
    // initializer, which code compiled earlier would check at each access.
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
        places[last].Frame = null; // the pool must not keep a frame that is lost
        _count = last;
        frame!.State = FrameState.Cold;
        return frame;
    }

    /// <summary>Counts a new frame; true if it can be reused.</summary>
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

using System.Runtime.CompilerServices;

namespace Reactor;

/// <summary>
/// The frames of one coroutine method that stand ready to be used again, on one loop: of a
/// handler that is called a million times there is one, and the call allocates nothing.
/// </summary>
/// <remarks>
/// <para>
/// A frame comes here once its result was taken by the frame that awaited it. Nobody else needs it
/// then: it has left the stack, and a block that a call graph shows by its frame
/// (<see cref="AwaitingBlock"/>) ends before its frame does. A coroutine struct that still refers
/// to it holds an old ticket (<see cref="CoroutineFrame.Ticket"/>) and is refused.
/// </para>
/// <para>
/// Not here: the bottom frame of a task, by which the task tells its coroutine's name, also after
/// its end, and which whoever awaits the coroutine in a plain method asks for the outcome (pooled
/// as well, they made tasks slower: an old frame that refers to a young task costs the collector a
/// card); a generator's, whose iterator is new anyway; any while a debug loop runs, when a lost
/// frame tells that nobody awaited it.
/// </para>
/// <para>
/// Only every eighth frame that has to be made is one that comes back. For calls that end before
/// the next one begins that is soon enough; and a recursion of thousands of awaits, which no pool
/// of a sane size serves, does not pay for clearing a frame at each level.
/// LoopBenchmarks.CallOfChild and NestedAwait measure the two; bench/README.md has the figures.
/// </para>
/// </remarks>
internal sealed class FramePool<TStateMachine>
{
    /// <summary>
    /// So many handlers that end in one turn leave their frames to those that begin in the next;
    /// with few places a loop that holds thousands of requests makes most frames anew, and each is
    /// alive when the collector looks. They hold no objects: some 50 KiB for a short method.
    /// </summary>
    public const int FramesMax = 512;

    /// <summary>A power of two.</summary>
    public const int MadeForEachKept = 8;

    private const int FirstPlaces = 32;

    // Each store into an array of classes checks the class; one into a struct does not.
    private struct Place
    {
        public CoroutineFrame? Frame;
    }

    // An index into an array of the scheduler costs a few instructions; a static of the thread, of
    // a generic class, cost two calls. 0 until the first use: a field with an initializer makes
    // code that was compiled before its class ran ask at each access whether it has run by now.
    private static int s_slot;

    private Place[] _places = [];
    private int _count;
    private int _made;

    /// <summary>The pool of this method on a scheduler.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FramePool<TStateMachine> Of(CoroutineScheduler scheduler) =>
        scheduler.TryGetSlot(s_slot) is { } pool
            ? Unsafe.As<FramePool<TStateMachine>>(pool) // a slot belongs to one type
            : Make(scheduler);

    /// <summary>How many lie here.</summary>
    public int Count => _count;

    /// <summary>A frame that was released; null if there is none.</summary>
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
        places[last].Frame = null; // one that is in use and lost must not be held
        _count = last;
        frame!.State = FrameState.Cold;
        return frame;
    }

    /// <summary>A frame is made; true if it is one that comes back.</summary>
    public bool KeepsNext() => (++_made & (MadeForEachKept - 1)) == 0;

    /// <summary>Takes a frame that was cleared; false if there are enough.</summary>
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

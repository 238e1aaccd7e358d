using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// What one epoll_wait brought: an array of the kernel's <c>struct epoll_event</c>, a mask of 32
/// bits and 64 bits of our own. Kept from poll to poll, so that a poll allocates nothing.
/// </summary>
/// <remarks>
/// Loop thread only. On x86-64 the structure is packed, 12 bytes with the data at 4: the kernel
/// wanted 32-bit programs to see the same layout there. Everywhere else the data is aligned, 16
/// bytes with the data at 8. One offset and one stride say both, where two structures would need
/// all the code twice.
/// </remarks>
internal sealed unsafe class EventBatch
{
    /// <summary>
    /// What does not fit comes with the next call: the kernel goes round among what is ready, so
    /// nobody starves. 512 events are more than one turn should serve before it looks again.
    /// </summary>
    public const int EventsMax = 512;

    // Pinned: the kernel writes to it while the garbage collector may move everything else.
    private readonly byte[] _memory =
        GC.AllocateArray<byte>(EventsMax * EventBytesMax, pinned: true);

    private const int EventBytesMax = 16;

    private static readonly bool s_isPacked =
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;

    /// <summary>The size of the structure here.</summary>
    public static int EventBytes => s_isPacked ? 12 : EventBytesMax;

    private static int DataOffset => s_isPacked ? 4 : 8;

    /// <summary>Where the kernel writes; it stays where it is.</summary>
    public byte* Memory =>
        (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));

    /// <summary>One event of the batch: what happened, and the data of the registration.</summary>
    public EpollEvents Read(int index, out ulong data)
    {
        Debug.Assert((uint)index < EventsMax, "the kernel gives no more than was asked for");
        byte* place = Memory + (index * EventBytes);
        data = Unsafe.ReadUnaligned<ulong>(place + DataOffset);
        return (EpollEvents)Unsafe.ReadUnaligned<uint>(place);
    }

    /// <summary>Fills one structure for epoll_ctl.</summary>
    public static void Write(byte* place, EpollEvents events, ulong data)
    {
        Unsafe.WriteUnaligned(place, (uint)events);
        Unsafe.WriteUnaligned(place + DataOffset, data);
    }
}

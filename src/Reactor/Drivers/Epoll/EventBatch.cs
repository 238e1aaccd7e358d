using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// The events of an epoll_wait, as an array of the kernel's <c>struct epoll_event</c>: a mask of 32
/// bits and 64 bits of our data. Reused by every poll.
/// </summary>
/// <remarks>
/// Loop thread only. On x86 the structure is packed: 12 bytes, the data at 4. Elsewhere it is
/// aligned: 16 bytes, the data at 8. An offset and a stride cover both.
/// </remarks>
internal sealed unsafe class EventBatch
{
    /// <summary>
    /// The kernel reports the rest with the next call, in rotation, so no descriptor starves.
    /// </summary>
    public const int EventsMax = 512;

    // Pinned, because the kernel writes to it.
    private readonly byte[] _memory =
        GC.AllocateArray<byte>(EventsMax * EventBytesMax, pinned: true);

    private const int EventBytesMax = 16;

    private static readonly bool s_isPacked =
        RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;

    public static int EventBytes => s_isPacked ? 12 : EventBytesMax;

    private static int DataOffset => s_isPacked ? 4 : 8;

    public byte* Memory =>
        (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_memory));

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

using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>
/// Every call of the project into the C library, with the constants of Linux and without
/// marshalling.
/// </summary>
/// <remarks>
/// <para>
/// Without <c>SetLastError</c> (15 ns a call): after −1 the caller reads <see cref="Errno.Last"/>
/// at once; the runtime preserves it until then. Without <c>SuppressGCTransition</c>: it would save
/// 10 ns of 200, and a collection would wait for a whole send.
/// </para>
/// <para>
/// The constants are of the generic ABI: x86-64, arm64, RISC-V. <see cref="Duplicate"/>,
/// <see cref="Flags"/> and <see cref="DescriptorLimit"/> serve macOS too.
/// </para>
/// </remarks>
internal static unsafe partial class Libc
{
    public const int AfUnix = 1;
    public const int AfInet = 2;
    public const int AfInet6 = 10;

    public const int SockStream = 1;
    public const int SockDatagram = 2;
    public const int SockNonBlock = 0x800;
    public const int SockCloseOnExec = 0x80000;

    public const int SolSocket = 1;
    public const int SoReuseAddress = 2;
    public const int SoError = 4;
    public const int SoLinger = 13;
    public const int SoReusePort = 15;
    public const int SoAttachFilter = 26;
    public const int SoAcceptsConnections = 30;
    public const int IpProtoTcp = 6;
    public const int TcpNoDelay = 1;
    public const int TcpInfo = 11;
    public const int TcpNotSentLowWater = 25;
    public const int IpProtoIpv6 = 41;
    public const int Ipv6Only = 26;

    /// <summary>SIOCOUTQ.</summary>
    public const nuint OutputQueueBytes = 0x5411;

    public const int MsgNoSignal = 0x4000;
    public const int ShutdownRead = 0;
    public const int ShutdownWrite = 1;

    public const int OpenCloseOnExec = 0x80000;
    public const int LockExclusive = 2;
    public const int LockNonBlock = 4;
    public const int CurrentFolder = -100;
    public const int NoFollow = 0x100;
    public const uint StatusTypeAndInode = 0x101;

    /// <summary>F_GETFD.</summary>
    public const int GetDescriptorFlags = 1;

    /// <summary>FD_CLOEXEC.</summary>
    public const int CloseOnExec = 1;

    /// <summary>MADV_DONTNEED: the next access finds zeros.</summary>
    public const int DontNeed = 4;

    public const int EpollCloseOnExec = 0x80000;
    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const int EpollModify = 3;

    public const int EventCloseOnExec = 0x80000;
    public const int EventNonBlock = 0x800;

    /// <summary>The same on every architecture.</summary>
    private const nint EpollWait2Number = 441;

    /// <summary>PR_SET_TIMERSLACK.</summary>
    public const int SetTimerSlack = 29;

    private const string Name = "libc";

    [LibraryImport(Name, EntryPoint = "epoll_create1")]
    public static partial int EpollCreate(int flags);

    [LibraryImport(Name, EntryPoint = "epoll_ctl")]
    public static partial int EpollControl(int epoll, int operation, int descriptor, byte* value);

    [LibraryImport(Name, EntryPoint = "epoll_wait")]
    public static partial int EpollWait(int epoll, byte* events, int eventsMax, int timeoutMs);

    /// <summary>epoll_pwait2, which waits by the nanosecond; Linux 5.11.</summary>
    public static int EpollWait2(int epoll, byte* events, int eventsMax, Timespec* timeout) =>
        (int)SystemCall(EpollWait2Number, epoll, events, eventsMax, timeout, null, 0);

    [LibraryImport(Name, EntryPoint = "eventfd")]
    public static partial int EventDescriptor(uint value, int flags);

    [LibraryImport(Name, EntryPoint = "socket")]
    public static partial int Socket(int family, int type, int protocol);

    [LibraryImport(Name, EntryPoint = "bind")]
    public static partial int Bind(int descriptor, byte* address, uint length);

    [LibraryImport(Name, EntryPoint = "listen")]
    public static partial int Listen(int descriptor, int backlog);

    [LibraryImport(Name, EntryPoint = "accept4")]
    public static partial int Accept(int descriptor, byte* address, uint* length, int flags);

    [LibraryImport(Name, EntryPoint = "connect")]
    public static partial int Connect(int descriptor, byte* address, uint length);

    [LibraryImport(Name, EntryPoint = "recv")]
    public static partial nint Receive(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport(Name, EntryPoint = "send")]
    public static partial nint Send(int descriptor, byte* data, nuint length, int flags);

    [LibraryImport(Name, EntryPoint = "write")]
    public static partial nint Write(SafeHandle descriptor, byte* data, nuint length);

    [LibraryImport(Name, EntryPoint = "ioctl")]
    public static partial int Control(int descriptor, nuint request, int* value);

    [LibraryImport(Name, EntryPoint = "open")]
    public static partial int Open(byte* path, int flags);

    [LibraryImport(Name, EntryPoint = "flock")]
    public static partial int Lock(int descriptor, int operation);

    [LibraryImport(Name, EntryPoint = "unlink")]
    public static partial int Unlink(byte* path);

    [LibraryImport(Name, EntryPoint = "statx")]
    public static partial int Status(int folder, byte* path, int flags, uint mask, byte* status);

    [LibraryImport(Name, EntryPoint = "shutdown")]
    public static partial int Shutdown(int descriptor, int how);

    [LibraryImport(Name, EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport(Name, EntryPoint = "dup2")]
    public static partial int Duplicate(int from, int to);

    [LibraryImport(Name, EntryPoint = "fcntl")]
    public static partial int Flags(int descriptor, int command);

    /// <summary>0 or negative without a limit.</summary>
    [LibraryImport(Name, EntryPoint = "getdtablesize")]
    public static partial int DescriptorLimit();

    [LibraryImport(Name, EntryPoint = "prctl")]
    public static partial int ProcessControl(
        int option, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport(Name, EntryPoint = "madvise")]
    public static partial int AdviseMemory(void* address, nuint length, int advice);

    [LibraryImport(Name, EntryPoint = "getsockname")]
    public static partial int GetSocketName(int descriptor, byte* address, uint* length);

    [LibraryImport(Name, EntryPoint = "getsockopt")]
    public static partial int GetOption(
        int descriptor, int level, int option, byte* value, uint* length);

    [LibraryImport(Name, EntryPoint = "setsockopt")]
    public static partial int SetOption(
        int descriptor, int level, int option, byte* value, uint length);

    // By number: glibc has a function for it only since 2.35.
    [LibraryImport(Name, EntryPoint = "syscall")]
    private static partial nint SystemCall(
        nint number, nint epoll, byte* events, nint eventsMax, Timespec* timeout, byte* signals,
        nint signalBytes);

    /// <summary>struct timespec of the 64-bit systems.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Timespec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}

/// <summary>The events of epoll(7).</summary>
[Flags]
internal enum EpollEvents : uint
{
    None = 0,
    Readable = 0x1,
    Urgent = 0x2,
    Writable = 0x4,
    Error = 0x8,
    HangUp = 0x10,
    PeerEnded = 0x2000,
    EdgeTriggered = 1u << 31,
}

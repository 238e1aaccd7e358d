// How a listener on Linux ends without losing a connection that the kernel has let in.
//
// The kernel completes handshakes by itself. A client whose connect has returned waits in the queue
// of the listener, and closing the listener resets it. Accepting until the queue is empty leaves a
// window before the close; listen(0) leaves a queue of one; shutdown of a TCP listener resets the
// queue. Measured with clients that reconnect all the time, each of them loses some.
//
// TCP: a socket filter (SO_ATTACH_FILTER) that drops each SYN, so that no handshake begins. The
// filter of a listener sees a segment from its TCP header on (tcp_filter in tcp_v4_rcv and
// tcp_v6_rcv), also the ACK that ends a handshake, which must pass. A client whose SYN was dropped
// repeats it after a second, finds the port closed and is refused. Handshakes that had begun
// complete within a round trip; accepted sockets inherit the filter, which lets all that an open
// connection receives pass.
//
// Unix: connect puts the client into the queue without a handshake. After shutdown(SHUT_RD) of the
// listener, connect is refused and accept goes on until the queue is empty, then says EINVAL
// (unix_stream_connect and unix_accept in net/unix/af_unix.c): no window at all.
//
// Both belong to the socket and not to the descriptor. A socket that was handed over, by a service
// manager for example, may be listened on by others, or by the next process. It is left as it is.
using System.Runtime.InteropServices;

namespace Reactor.Drivers;

/// <summary>Ends the admission of new connections to a listening socket.</summary>
/// <remarks>Loop thread only. Linux only.</remarks>
internal static unsafe class Admission
{
    // Classic BPF: the opcodes of linux/bpf_common.h.
    private const ushort LoadByte = 0x30;
    private const ushort And = 0x54;
    private const ushort JumpIfEqual = 0x15;
    private const ushort Return = 0x06;

    private const uint FlagsOffset = 13; // of the TCP header: RFC 9293, 3.1
    private const uint Syn = 0x02;
    private const uint Ack = 0x10;

    private static readonly Instruction[] s_dropSyn =
    [
        new() { Code = LoadByte, Operand = FlagsOffset },
        new() { Code = And, Operand = Syn | Ack },
        new() { Code = JumpIfEqual, Operand = Syn, IfFalse = 1 },
        new() { Code = Return, Operand = 0 },
        new() { Code = Return, Operand = uint.MaxValue },
    ];

    /// <summary>Has a TCP listener drop each SYN; false if the kernel does not.</summary>
    public static bool DropSyns(int descriptor)
    {
        fixed (Instruction* instructions = s_dropSyn)
        {
            var program = new Program
            {
                Length = (ushort)s_dropSyn.Length,
                Instructions = instructions,
            };
            return Libc.SetOption(
                descriptor,
                Libc.SolSocket,
                Libc.SoAttachFilter,
                (byte*)&program,
                (uint)sizeof(Program)) == 0;
        }
    }

    /// <summary>Has a Unix listener refuse each connect; false if the kernel does not.</summary>
    public static bool RefuseConnects(int descriptor) =>
        Libc.Shutdown(descriptor, Libc.ShutdownRead) == 0;

    /// <summary>struct sock_filter.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Instruction
    {
        public ushort Code;
        public byte IfTrue;
        public byte IfFalse;
        public uint Operand;
    }

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Program
    {
        public ushort Length;
        public Instruction* Instructions;
    }
}

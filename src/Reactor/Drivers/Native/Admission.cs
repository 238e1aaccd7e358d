// How a listener on Linux closes without resetting a connection that the kernel has admitted.
//
// Closing a listener resets the clients in its queue. Rejected, as each loses connections:
// accepting until the queue is empty, listen(0), and shutdown of a TCP listener.
//
// TCP: a socket filter (SO_ATTACH_FILTER) drops each SYN, so that no handshake begins; the client
// repeats it after a second and is refused. The filter sees a segment from its TCP header on
// (tcp_filter in tcp_v4_rcv) and passes the ACK that completes a handshake. Accepted sockets
// inherit it, and it passes everything that they receive.
//
// Unix: after shutdown(SHUT_RD) connect is refused, and accept empties the queue, then returns
// EINVAL (unix_accept in net/unix/af_unix.c).
//
// Both act on the socket: one that was handed over may serve other processes and is left alone.
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

    /// <summary>Makes a TCP listener drop each SYN; false if the kernel refuses.</summary>
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
                descriptor, Libc.SolSocket, Libc.SoAttachFilter, (byte*)&program,
                (uint)sizeof(Program)) == 0;
        }
    }

    /// <summary>Makes a Unix listener refuse each connect; false if it fails.</summary>
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

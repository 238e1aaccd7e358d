using System.Net;
using System.Runtime.InteropServices;

namespace Reactor.Net;

/// <summary>
/// A connection as an <see cref="IProtocol"/> has it: writing never waits, and reading is told to
/// the protocol (asyncio: <c>Transport</c>). Made by <c>loop.CreateServer</c> and
/// <c>loop.CreateConnection</c>.
/// </summary>
/// <remarks>
/// Loop thread only. After <see cref="Close"/> or <see cref="Abort"/> every call is harmless: what
/// is written is dropped, without an exception and without a line in the log.
/// </remarks>
public interface ITransport
{
    /// <summary>
    /// Who is told what happens; a new one is told from the next event on (asyncio:
    /// <c>get_protocol</c>, <c>set_protocol</c>). It is not told that the connection was made.
    /// </summary>
    IProtocol Protocol { get; set; }

    /// <summary>The address of this end; it stays known when the connection is closed.</summary>
    EndPoint? LocalEndPoint { get; }

    /// <summary>The address of the peer; it stays known when the connection is closed.</summary>
    EndPoint? RemoteEndPoint { get; }

    /// <summary>
    /// The descriptor below (asyncio: <c>get_extra_info('socket')</c>), to show or to compare. It
    /// is the transport's: do not read, write or close it. Null where the loop's driver has none,
    /// and when the connection is closed.
    /// </summary>
    SafeHandle? Descriptor { get; }

    /// <summary>
    /// True from the moment when it was closed or aborted, or failed (asyncio: <c>is_closing</c>).
    /// </summary>
    bool IsClosing { get; }

    /// <summary>
    /// True while what arrives is told to the protocol: not paused, not closing, and the peer has
    /// not ended its stream (asyncio: <c>is_reading</c>).
    /// </summary>
    bool IsReading { get; }

    /// <summary>
    /// Bytes that were written and that the kernel has not taken (asyncio:
    /// <c>get_write_buffer_size</c>).
    /// </summary>
    long WriteBufferSize { get; }

    /// <summary>
    /// The marks in bytes (asyncio: <c>get_write_buffer_limits</c>); see
    /// <see cref="SetWriteBufferLimits"/>.
    /// </summary>
    (int Low, int High) WriteBufferLimits { get; }

    /// <summary>True if one direction can be ended alone (asyncio: <c>can_write_eof</c>).</summary>
    bool CanWriteEof { get; }

    /// <summary>
    /// Writes bytes: the kernel gets at once what it takes, the rest is copied to the buffer and
    /// sent as the peer reads (asyncio: <c>write</c>). Never waits.
    /// </summary>
    /// <exception cref="InvalidOperationException"><see cref="WriteEof"/> was called.</exception>
    void Write(ReadOnlySpan<byte> data);

    /// <summary>
    /// Ends this direction (FIN) once everything written was sent; reading goes on (asyncio:
    /// <c>write_eof</c>). Again is harmless.
    /// </summary>
    void WriteEof();

    /// <summary>
    /// Stops reading, sends what is buffered, then closes; the protocol hears
    /// <see cref="IProtocol.ConnectionLost"/> with null (asyncio: <c>close</c>). How long the peer
    /// takes to read the rest is up to it: <see cref="Abort"/> does not wait. Again is harmless.
    /// </summary>
    void Close();

    /// <summary>
    /// Closes with a reset; what is buffered is dropped, and the protocol hears
    /// <see cref="IProtocol.ConnectionLost"/> with null (asyncio: <c>abort</c>). Again is harmless.
    /// </summary>
    void Abort();

    /// <summary>
    /// Stops telling what arrives: it stays in the kernel, and the peer is slowed down (asyncio:
    /// <c>pause_reading</c>). Again is harmless. A peer that goes away is not noticed meanwhile.
    /// </summary>
    void PauseReading();

    /// <summary>
    /// Goes on telling what arrives (asyncio: <c>resume_reading</c>). Again is harmless.
    /// </summary>
    void ResumeReading();

    /// <summary>
    /// Sets the marks: <see cref="IProtocol.PauseWriting"/> above the high one,
    /// <see cref="IProtocol.ResumeWriting"/> at or below the low one (asyncio:
    /// <c>set_write_buffer_limits</c>). A buffer that is above the new high mark pauses at once.
    /// </summary>
    /// <param name="high">
    /// In bytes; 0 pauses whenever anything is buffered. Null: twice the low mark, or the default.
    /// </param>
    /// <param name="low">In bytes. Null: half of the high mark.</param>
    /// <exception cref="ArgumentException">Not high ≥ low ≥ 0.</exception>
    void SetWriteBufferLimits(int? high = null, int? low = null);
}

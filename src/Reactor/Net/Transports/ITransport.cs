using System.Net;
using System.Runtime.InteropServices;

namespace Reactor.Net;

/// <summary>
/// A connection in callback style: writing never waits, and what is read goes to the
/// <see cref="IProtocol"/> (asyncio: <c>Transport</c>).
/// </summary>
/// <remarks>
/// Loop thread only. After <see cref="Close"/> or <see cref="Abort"/> writes are dropped.
/// </remarks>
public interface ITransport
{
    /// <summary>
    /// The protocol; a new one gets no <see cref="IProtocol.ConnectionMade"/> (asyncio:
    /// <c>get_protocol</c>, <c>set_protocol</c>).
    /// </summary>
    IProtocol Protocol { get; set; }

    /// <summary>The address of this end, also after the close.</summary>
    EndPoint? LocalEndPoint { get; }

    /// <summary>The address of the peer, also after the close.</summary>
    EndPoint? RemoteEndPoint { get; }

    /// <summary>
    /// The descriptor, to show or to compare (asyncio: <c>get_extra_info('socket')</c>). Null
    /// without one and after the close.
    /// </summary>
    SafeHandle? Descriptor { get; }

    /// <summary>
    /// True once closed, aborted or failed (asyncio: <c>is_closing</c>).
    /// </summary>
    bool IsClosing { get; }

    /// <summary>
    /// True unless paused, closing or at the end of the stream (asyncio: <c>is_reading</c>).
    /// </summary>
    bool IsReading { get; }

    /// <summary>
    /// Written bytes that the kernel has not taken (asyncio: <c>get_write_buffer_size</c>).
    /// </summary>
    long WriteBufferSize { get; }

    /// <summary>
    /// The water marks in bytes (asyncio: <c>get_write_buffer_limits</c>).
    /// </summary>
    (int Low, int High) WriteBufferLimits { get; }

    /// <summary>True if one direction can be ended alone (asyncio: <c>can_write_eof</c>).</summary>
    bool CanWriteEof { get; }

    /// <summary>
    /// Writes bytes; what the kernel does not take now is buffered (asyncio: <c>write</c>).
    /// </summary>
    /// <exception cref="InvalidOperationException"><see cref="WriteEof"/> was called.</exception>
    void Write(ReadOnlySpan<byte> data);

    /// <summary>
    /// Ends this direction (FIN) once all is sent (asyncio: <c>write_eof</c>). Idempotent.
    /// </summary>
    void WriteEof();

    /// <summary>
    /// Stops reading, sends what is buffered, then closes (asyncio: <c>close</c>). The peer can
    /// delay that; <see cref="Abort"/> does not wait. Idempotent.
    /// </summary>
    void Close();

    /// <summary>
    /// Closes with a reset and drops what is buffered (asyncio: <c>abort</c>). Idempotent.
    /// </summary>
    void Abort();

    /// <summary>
    /// Stops reading, so that the kernel slows the peer down; an end or reset is not noticed
    /// (asyncio: <c>pause_reading</c>). Idempotent.
    /// </summary>
    void PauseReading();

    /// <summary>Reads again (asyncio: <c>resume_reading</c>). Idempotent.</summary>
    void ResumeReading();

    /// <summary>
    /// Sets the water marks of <see cref="IProtocol.PauseWriting"/> and
    /// <see cref="IProtocol.ResumeWriting"/> (asyncio: <c>set_write_buffer_limits</c>). A buffer
    /// above the new high mark pauses at once.
    /// </summary>
    /// <param name="high">
    /// In bytes. Null: twice the low mark, or the default.
    /// </param>
    /// <param name="low">In bytes. Null: half of the high mark.</param>
    /// <exception cref="ArgumentException">Not high ≥ low ≥ 0.</exception>
    void SetWriteBufferLimits(int? high = null, int? low = null);
}

using System.Net;
using System.Net.Sockets;

namespace Reactor.Recording;

/// <summary>
/// A decoded entry of a recording. A field that its kind does not use keeps its default; see
/// docs/recording.md.
/// </summary>
internal record struct RecordedEntry
{
    public EntryKind Kind;

    /// <summary>The number of the socket, listener, connect or watch; 0: none.</summary>
    public int Object;

    /// <summary>
    /// A moment, a count of bytes, a random number, a flag or a message's number.
    /// </summary>
    public long Value;

    /// <summary>The length of the buffer, or the smaller bound of a random number.</summary>
    public long Length;

    /// <summary>The larger bound of a random number.</summary>
    public long Bound;

    /// <summary>CRC32C of the bytes to send.</summary>
    public uint Sum;

    public SocketError Error;

    /// <summary>The kind of a message, the options of a listener, or an exception.</summary>
    public string? Text;

    public string? Message;

    public EndPoint? Address;

    public EndPoint? Local;

    /// <summary>The received bytes, in the block of the reader.</summary>
    public int DataOffset;
    public int DataLength;
}

using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Reactor;

// The protocol between a pool and its worker, both ways over one pipe each. A frame is the length
// of its payload (4 bytes, little-endian), one byte that says what it is, and the payload.
//
//     worker: Hello, once             the magic text below: it is a worker and speaks this version
//     pool:   Job, Argument           the job's name, and its argument as JSON; one call at a time
//     worker: Result or Error         JSON; the answer to that call
//
// The end of the stream is the only other message. Seen by the worker it means that nobody wants
// more, seen by the pool that the worker is gone.

/// <summary>What a frame is.</summary>
internal enum FrameKind : byte
{
    /// <summary>The worker's first words.</summary>
    Hello = 1,

    /// <summary>The name of a job.</summary>
    Job = 2,

    /// <summary>What the job gets.</summary>
    Argument = 3,

    /// <summary>What the job gave.</summary>
    Result = 4,

    /// <summary>What the job threw.</summary>
    Error = 5,
}

/// <summary>A frame that was received whole.</summary>
internal readonly record struct Frame(FrameKind Kind, byte[] Payload)
{
    public const int HeaderBytes = 5;

    /// <summary>
    /// The largest frame that carries no argument and no result: a name, or an error whose texts
    /// are cut to fit (two of <see cref="RemoteError.TextCharsMax"/>, six bytes a character).
    /// </summary>
    public const int ControlBytesMax = 256 * 1024;

    public static ReadOnlySpan<byte> Magic => "reactor-worker 1"u8;

    /// <summary>
    /// Reads one frame; blocks. Null at the end of the stream, also in the middle of a frame: who
    /// would have sent the rest is gone.
    /// </summary>
    /// <exception cref="InvalidDataException">These bytes are not of this protocol.</exception>
    public static Frame? Read(Stream stream, int messageBytesMax)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        if (stream.ReadAtLeast(header, HeaderBytes, throwOnEndOfStream: false) < HeaderBytes)
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32LittleEndian(header);
        var kind = (FrameKind)header[4];
        int lengthMax = kind is FrameKind.Argument or FrameKind.Result
            ? messageBytesMax : ControlBytesMax;
        if (kind is < FrameKind.Hello or > FrameKind.Error || (uint)length > (uint)lengthMax)
        {
            throw new InvalidDataException(
                $"a frame of kind {(byte)kind} with {(uint)length} bytes is not of this protocol");
        }

        byte[] payload = new byte[length];
        int count = stream.ReadAtLeast(payload, length, throwOnEndOfStream: false);
        return count == length ? new Frame(kind, payload) : null;
    }
}

/// <summary>
/// Frames that are to be sent, one behind the other, each within its bound.
/// </summary>
/// <remarks>
/// The bound is checked while JSON is written, so that a value without end is stopped at about
/// twice the bound, not by the end of memory.
/// </remarks>
internal sealed class FrameBuffer(int messageBytesMax) : IBufferWriter<byte>
{
    /// <summary>What a reader of System.Text.Json takes, unless told otherwise.</summary>
    private const int DepthMaxDefault = 64;

    private byte[] _bytes = new byte[1024];
    private int _start;
    private int _end;

    public ReadOnlySpan<byte> Frames => _bytes.AsSpan(0, _end);

    /// <summary>Adds a frame with these bytes.</summary>
    public void Add(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        Begin(kind);
        this.Write(payload);
        Finish();
    }

    /// <summary>Adds a frame with a value as JSON.</summary>
    /// <exception cref="InvalidOperationException">It is larger than a message may be.</exception>
    public void Add<T>(FrameKind kind, T value, JsonTypeInfo<T> type)
    {
        Begin(kind);

        // A writer would go to depth 1000 where the reader on the other side stops at 64. It is
        // not disposed when writing throws: that would write again.
        int depthMax = type.Options.MaxDepth is 0 ? DepthMaxDefault : type.Options.MaxDepth;
        var writer = new Utf8JsonWriter(this, new JsonWriterOptions
        {
            Encoder = type.Options.Encoder,
            MaxDepth = depthMax,
        });
        JsonSerializer.Serialize(writer, value, type);
        writer.Dispose();
        Finish();
    }

    public void Clear() => _end = 0;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        _end += count;
        if (_end - _start - Frame.HeaderBytes > messageBytesMax
            && _bytes[_start + 4] is (byte)FrameKind.Argument or (byte)FrameKind.Result)
        {
            throw new InvalidOperationException(
                $"The {(FrameKind)_bytes[_start + 4]} is larger than {messageBytesMax} bytes: "
                + "raise ProcessPoolOptions.MessageBytesMax, or pass the name of a file.");
        }
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        int size = Math.Max(sizeHint, 256);
        if (_bytes.Length - _end < size)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _end + size));
        }

        return _bytes.AsMemory(_end);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void Begin(FrameKind kind)
    {
        _start = _end;
        GetSpan(Frame.HeaderBytes)[4] = (byte)kind;
        _end += Frame.HeaderBytes;
    }

    private void Finish() => BinaryPrimitives.WriteInt32LittleEndian(
        _bytes.AsSpan(_start), _end - _start - Frame.HeaderBytes);
}

/// <summary>What a job threw, in words: an exception itself does not travel.</summary>
internal sealed record RemoteError(string Type, string Message, string Stack)
{
    /// <summary>A text is cut here: a person reads it, and the frame has a bound.</summary>
    public const int TextCharsMax = 16 * 1024;

    public static RemoteError Of(Exception error) => new(
        Cut(error.GetType().ToString()), Cut(MessageOf(error)), Cut(error.StackTrace ?? ""));

    private static string MessageOf(Exception error)
    {
        try
        {
            return error.Message;
        }
        catch (Exception another)
        {
            // The worker must not die of it: then nobody would learn what the job threw.
            return $"({another.GetType().Name} in Message)";
        }
    }

    private static string Cut(string text) =>
        text.Length <= TextCharsMax ? text : text[..TextCharsMax] + "…";
}

/// <summary>The metadata of what the pool itself sends.</summary>
[JsonSerializable(typeof(RemoteError))]
internal sealed partial class FrameJson : JsonSerializerContext;

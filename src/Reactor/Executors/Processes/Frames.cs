using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Reactor;

// The protocol between pool and worker, over one pipe in each direction. A frame is the payload
// length (4 bytes, little-endian), one byte for the kind, and the payload.
//
//     worker: Hello, once             the magic text below: identifies a worker of this version
//     pool:   Job, Argument           the job's name, and its argument as JSON; one call at a time
//     worker: Result or Error         JSON; the reply to that call
//
// The end of the stream is the only other message: the worker must end, or the worker has ended.

internal enum FrameKind : byte
{
    Hello = 1,

    Job = 2,

    Argument = 3,

    Result = 4,

    Error = 5,
}

/// <summary>A complete frame.</summary>
internal readonly record struct Frame(FrameKind Kind, byte[] Payload)
{
    public const int HeaderBytes = 5;

    /// <summary>
    /// Maximum size of other frames: a name, or an error with texts cut to fit (two of <see
    /// cref="RemoteError.TextCharsMax"/>, six bytes per character).
    /// </summary>
    public const int ControlBytesMax = 256 * 1024;

    public static ReadOnlySpan<byte> Magic => "reactor-worker 1"u8;

    /// <summary>
    /// Reads one frame; blocks. Returns null at the end of the stream, even within a frame.
    /// </summary>
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
/// A buffer of frames to send. The bound is checked while JSON is written, so an endless value
/// stops at about twice the bound.
/// </summary>
internal sealed class FrameBuffer(int messageBytesMax) : IBufferWriter<byte>
{
    private const int DepthMaxDefault = 64;

    private byte[] _bytes = new byte[1024];
    private int _start;
    private int _end;

    public ReadOnlySpan<byte> Frames => _bytes.AsSpan(0, _end);

    public void Add(FrameKind kind, ReadOnlySpan<byte> payload)
    {
        Begin(kind);
        this.Write(payload);
        Finish();
    }

    public void Add<T>(FrameKind kind, T value, JsonTypeInfo<T> type)
    {
        Begin(kind);

        // The writer's default depth limit is 1000, the reader's 64. Not disposed if writing
        // throws, because that would flush.
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

/// <summary>A job's exception as text; exceptions are not serialized.</summary>
internal sealed record RemoteError(string Type, string Message, string Stack)
{
    /// <summary>Texts are cut at this length, because frames are bounded.</summary>
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
            // A throwing Message must not end the worker and hide the job's exception.
            return $"({another.GetType().Name} in Message)";
        }
    }

    private static string Cut(string text) =>
        text.Length <= TextCharsMax ? text : text[..TextCharsMax] + "…";
}

/// <summary>JSON metadata of the pool's own messages.</summary>
[JsonSerializable(typeof(RemoteError))]
internal sealed partial class FrameJson : JsonSerializerContext;

using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Reactor.Http;

/// <summary>
/// Writes items as lines of JSON: prepare the <see cref="Response"/>, write the items, and return
/// it from the handler. <c>request.WriteNdjsonAsync</c> does so for a sequence.
/// </summary>
/// <remarks>Loop thread only. One item at a time: await each write.</remarks>
/// <typeparam name="T">The type of an item.</typeparam>
public sealed class NdjsonWriter<T>
{
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly JsonTypeInfo<T> _metadata;
    private readonly Utf8JsonWriter _json;
    private bool _isWriting;

    /// <summary>Creates a writer whose response is not begun.</summary>
    /// <param name="metadata">The type of an item, by the source generator.</param>
    /// <param name="status">The status code.</param>
    public NdjsonWriter(JsonTypeInfo<T> metadata, int status = 200)
    {
        ArgumentNullException.ThrowIfNull(metadata);
        _metadata = metadata;
        Response = new StreamResponse(status) { ContentType = "application/x-ndjson" };

        // Never indented, whatever the metadata says: a line feed ends the item.
        _json = new Utf8JsonWriter(_line, new() { Encoder = metadata.Options.Encoder });
    }

    /// <summary>The response that the items are written to.</summary>
    public StreamResponse Response { get; }

    /// <summary>Sends an item as a line; waits while the client does not take it.</summary>
    /// <exception cref="InvalidOperationException">
    /// The response is not prepared or has ended, or the write before was not awaited.
    /// </exception>
    public async Coroutine WriteAsync(T item)
    {
        if (_isWriting)
        {
            throw new InvalidOperationException("Await each write before the next.");
        }

        _isWriting = true;
        try
        {
            _line.ResetWrittenCount();
            _json.Reset();
            JsonSerializer.Serialize(_json, item, _metadata);
            _line.Write("\n"u8);
            await Response.WriteAsync(_line.WrittenMemory);
        }
        finally
        {
            _isWriting = false;
        }
    }
}

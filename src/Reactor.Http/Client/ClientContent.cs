using System.Text.Json.Serialization.Metadata;

namespace Reactor.Http;

/// <summary>
/// The content of a request. It writes itself, so a large one is never whole in memory.
/// </summary>
/// <remarks>Made on any thread; written on the loop thread.</remarks>
public abstract class ClientContent
{
    private const string Octets = "application/octet-stream";

    /// <summary>The value of Content-Type, or null.</summary>
    public virtual string? ContentType => null;

    /// <summary>The length in bytes, or null: it is sent in chunks.</summary>
    public virtual long? Length => null;

    /// <summary>Whether it can be written again, for a retry or a redirect.</summary>
    public virtual bool CanResend => false;

    /// <summary>Writes the content. Called on the loop thread, once for each sending.</summary>
    protected internal abstract Coroutine WriteAsync(ClientBodyWriter body);

    /// <summary>Bytes, which must not change until they are sent. They can be resent.</summary>
    /// <exception cref="ArgumentException">The type is no field value.</exception>
    public static ClientContent Bytes(
        ReadOnlyMemory<byte> content, string contentType = Octets) =>
        new BufferedContent(content, contentType);

    /// <summary>Text in UTF-8. It can be resent.</summary>
    /// <inheritdoc cref="Bytes" path="/exception"/>
    public static ClientContent Text(
        string text, string contentType = "text/plain; charset=utf-8") =>
        BufferedContent.OfText(text, contentType);

    /// <summary>A value as JSON, serialized now. It can be resent.</summary>
    public static ClientContent Json<T>(T value, JsonTypeInfo<T> metadata) =>
        BufferedContent.OfJson(value, metadata);

    /// <summary>
    /// Fields of a form, urlencoded in UTF-8 (WHATWG URL 5.2). They can be resent. A form with
    /// files is a <see cref="ClientMultipart"/>.
    /// </summary>
    public static ClientContent Form(IEnumerable<KeyValuePair<string, string>> fields) =>
        BufferedContent.OfForm(fields);

    /// <summary>
    /// What a stream has from its position on. It can be resent if the stream can seek. The caller
    /// disposes of the stream, after the response.
    /// </summary>
    /// <param name="stream">The stream.</param>
    /// <param name="length">
    /// The bytes to send; null: to its end, in chunks if the stream cannot seek.
    /// </param>
    /// <param name="contentType">The value of Content-Type.</param>
    /// <param name="executor">
    /// Where the stream is read. Null: a file on the default executor, any other stream on the
    /// loop thread, by <see
    /// cref="System.IO.Stream.ReadAsync(Memory{byte}, CancellationToken)"/>, which must not block.
    /// That of a socket does not; that of a stream that computes, such as compression or
    /// encryption, does, and of one over another stream it may: give an executor for these.
    /// </param>
    /// <exception cref="ArgumentException">
    /// The stream cannot be read, the length is negative, or the type is no field value.
    /// </exception>
    public static ClientContent Stream(
        Stream stream, long? length = null, string contentType = Octets,
        IExecutor? executor = null) =>
        new StreamedContent(stream, length, contentType, executor);

    /// <summary>What a function writes.</summary>
    /// <param name="write">Writes the content, on the loop thread.</param>
    /// <param name="contentType">The value of Content-Type.</param>
    /// <param name="length">The bytes that it writes; null: it is sent in chunks.</param>
    /// <param name="canResend">Whether a second call writes the same.</param>
    /// <exception cref="ArgumentException">
    /// The length is negative, or the type is no field value.
    /// </exception>
    public static ClientContent Generated(
        Func<ClientBodyWriter, Coroutine> write, string contentType = Octets, long? length = null,
        bool canResend = false) =>
        new GeneratedContent(write, contentType, length, canResend);
}

using System.Buffers;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The bytes of the request, encoded once and sent each time. Immutable; any thread.
/// </summary>
/// <remarks>
/// Like wrk, it has only the Host field and the user's fields. The two exceptions are the length of
/// a body, which methods that usually have one send without one too (RFC 9110 8.6), and
/// <c>Connection: close</c> if connections are not kept.
/// </remarks>
internal sealed class PreparedRequest
{
    /// <summary>The request, to its last byte.</summary>
    public required ReadOnlyMemory<byte> Bytes { get; init; }

    /// <summary>The method, which decides whether the response has a body.</summary>
    public required KnownMethod Method { get; init; }

    /// <summary>
    /// True with <c>Connection: close</c>: one request per connection.
    /// </summary>
    public bool AsksToClose { get; init; }

    /// <summary>Writes a request.</summary>
    /// <param name="url">Its target.</param>
    /// <param name="method">Its method, a valid one.</param>
    /// <param name="fields">
    /// Fields to add, without the length of a body; a Host here replaces that of the URL.
    /// </param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="keepAlive">False to ask the server to close.</param>
    public static PreparedRequest Make(
        TargetUrl url,
        string method,
        IReadOnlyList<RequestField> fields,
        ReadOnlyMemory<byte>? body = null,
        bool keepAlive = true)
    {
        var output = new ArrayBufferWriter<byte>();
        var head = new ResponseHeadWriter(output);
        head.RequestLine(Encoding.ASCII.GetBytes(method), Encoding.ASCII.GetBytes(url.Target));
        if (!fields.Any(field => field.Is("Host")))
        {
            head.Field("Host", url.Authority);
        }

        foreach (RequestField field in fields)
        {
            head.Field(field.Name, field.Value);
        }

        bool asksToClose = fields.Any(field => field.IsConnection("close"));
        if (!keepAlive && !asksToClose)
        {
            head.Field("Connection", "close");
        }

        if (body is not null || method is "POST" or "PUT" or "PATCH")
        {
            head.ContentLength(body?.Length ?? 0);
        }

        head.End();
        output.Write((body ?? default).Span);
        return new PreparedRequest
        {
            Bytes = output.WrittenSpan.ToArray(),
            Method = KnownMethods.Find(Encoding.ASCII.GetBytes(method)),
            AsksToClose = asksToClose || !keepAlive,
        };
    }
}

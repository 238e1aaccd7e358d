using System.Buffers;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The bytes of the request, encoded once and sent each time. Immutable; any thread.
/// </summary>
/// <remarks>
/// Like wrk, it has only the Host field and the user's fields. Bodies are not supported: methods
/// that usually have one send Content-Length: 0 (RFC 9110 8.6).
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
    /// <param name="fields">Fields to add; a Host here replaces that of the URL.</param>
    public static PreparedRequest Make(
        TargetUrl url, string method, IReadOnlyList<RequestField> fields)
    {
        var output = new ArrayBufferWriter<byte>();
        var head = new ResponseHeadWriter(output);
        head.RequestLine(Encoding.ASCII.GetBytes(method), Encoding.ASCII.GetBytes(url.Target));
        if (!fields.Any(field => field.Is("Host")))
        {
            head.Field("Host", url.Authority);
        }

        bool asksToClose = false;
        foreach (RequestField field in fields)
        {
            asksToClose |= field.Is("Connection") && field.Value.Split(',').Any(option =>
                option.Trim().Equals("close", StringComparison.OrdinalIgnoreCase));
            head.Field(field.Name, field.Value);
        }

        if (method is "POST" or "PUT" or "PATCH")
        {
            head.ContentLength(0);
        }

        head.End();
        return new PreparedRequest
        {
            Bytes = output.WrittenSpan.ToArray(),
            Method = KnownMethods.Find(Encoding.ASCII.GetBytes(method)),
            AsksToClose = asksToClose,
        };
    }
}

using System.Buffers;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The bytes of the request, written once and sent as they are each time. Immutable; any thread.
/// </summary>
/// <remarks>
/// Like wrk it sends the Host field and what the user gives, nothing else. There is no body yet:
/// the methods that usually have one say that it is empty (RFC 9110 8.6).
/// </remarks>
internal sealed class PreparedRequest
{
    private PreparedRequest(byte[] bytes, KnownMethod method, bool asksToClose)
    {
        Bytes = bytes;
        Method = method;
        AsksToClose = asksToClose;
    }

    /// <summary>The request, to its last byte.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The method, on which it depends whether the answer has a body.</summary>
    public KnownMethod Method { get; }

    /// <summary>
    /// True if it says <c>Connection: close</c>: one request for each connection.
    /// </summary>
    public bool AsksToClose { get; }

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
        return new PreparedRequest(
            output.WrittenSpan.ToArray(),
            KnownMethods.Find(Encoding.ASCII.GetBytes(method)),
            asksToClose);
    }
}

using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Tools.Loadgen;

/// <summary>
/// The bytes of the request, written once and sent as they are each time. Immutable; any thread.
/// </summary>
/// <remarks>
/// Like wrk it sends the Host field and what the user gives, nothing else. There is no body yet, so
/// fields that announce one are refused, and the methods that usually have one say that it is empty
/// (RFC 9110 8.6).
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
    /// <param name="method">Its method.</param>
    /// <param name="fields">
    /// Fields as <c>Name: value</c>; a Host here replaces that of the URL.
    /// </param>
    /// <param name="request">The request.</param>
    /// <param name="error">One sentence that says what cannot be sent.</param>
    public static bool TryMake(
        TargetUrl url,
        string method,
        IReadOnlyList<string> fields,
        [NotNullWhen(true)] out PreparedRequest? request,
        [NotNullWhen(false)] out string? error)
    {
        request = null;
        if (!FieldRules.IsName(method) || method == "CONNECT")
        {
            error = $"-m must be a method such as GET, HEAD or POST, not '{method}'.";
            return false;
        }

        var output = new ArrayBufferWriter<byte>();
        var head = new ResponseHeadWriter(output);
        head.RequestLine(Encoding.ASCII.GetBytes(method), Encoding.ASCII.GetBytes(url.Target));
        string[] hosts = [.. fields.Where(field => IsNamed(field, "Host"))];
        if (hosts.Length == 0)
        {
            head.Field("Host", url.Authority);
        }

        bool asksToClose = false;
        foreach (string field in fields)
        {
            if (!TrySplit(field, out string name, out string value, out error))
            {
                return false;
            }

            asksToClose |= IsNamed(field, "Connection") && value.Split(',').Any(option =>
                option.Trim().Equals("close", StringComparison.OrdinalIgnoreCase));
            head.Field(name, value);
        }

        if (method is "POST" or "PUT" or "PATCH")
        {
            head.ContentLength(0);
        }

        head.End();
        error = hosts.Length > 1
            ? "-H 'Host: ...' may be given once, because a request has one Host."
            : null;
        request = new PreparedRequest(
            output.WrittenSpan.ToArray(),
            KnownMethods.Find(Encoding.ASCII.GetBytes(method)),
            asksToClose);
        return error is null;
    }

    private static bool TrySplit(
        string field, out string name, out string value, [NotNullWhen(false)] out string? error)
    {
        int colon = field.IndexOf(':', StringComparison.Ordinal);
        name = colon < 0 ? field : field[..colon];
        value = colon < 0 ? "" : field[(colon + 1)..].Trim(' ', '\t');
        error = (colon, name) switch
        {
            ( < 0, _) => $"-H must be 'NAME: VALUE' with a colon, not '{field}'.",
            _ when !FieldRules.IsName(name) =>
                $"-H must be 'NAME: VALUE' with a valid field name, not '{name}'.",
            _ when !FieldRules.IsValue(value) =>
                $"-H must be 'NAME: VALUE': the value of '{name}' has characters that are not " +
                "allowed in a field.",
            _ when IsNamed(field, "Content-Length") || IsNamed(field, "Transfer-Encoding") =>
                $"-H must not be '{name}': requests with a body are not supported yet.",
            _ when IsNamed(field, "Upgrade") =>
                $"-H must not be '{name}': only HTTP/1.1 is supported.",
            _ => null,
        };
        return error is null;
    }

    private static bool IsNamed(string field, string name) =>
        field.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase);
}

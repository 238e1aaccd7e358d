using System.Security.Cryptography;
using System.Text;
using Reactor.Http.Protocol;

namespace Reactor.Http;

/// <summary>
/// A form with fields and files, as <c>multipart/form-data</c> (RFC 7578; aiohttp:
/// <c>FormData</c>). It can be resent if all of its contents can.
/// </summary>
/// <remarks>
/// <para>One thread at a time; not to be changed while it is sent.</para>
/// <para>
/// Names are encoded as browsers do (WHATWG HTML, multipart/form-data encoding algorithm): in
/// UTF-8, with <c>%22</c>, <c>%0D</c> and <c>%0A</c> for a quote, CR and LF. Values are sent as
/// they are. The boundary has 128 random bits, so that no content can have it by design.
/// </para>
/// </remarks>
public sealed class ClientMultipart : ClientContent
{
    private const int BoundaryBytes = 16;

    private readonly List<(byte[] Head, ClientContent Content)> _parts = [];
    private readonly string _boundary;

    /// <summary>Creates an empty form.</summary>
    public ClientMultipart() =>
        _boundary = "reactor-" + RandomNumberGenerator.GetHexString(BoundaryBytes * 2);

    /// <inheritdoc/>
    public override string ContentType => $"multipart/form-data; boundary={_boundary}";

    /// <summary>The length in bytes, or null if a content has none.</summary>
    public override long? Length
    {
        get
        {
            long? length = End.Length;
            foreach ((byte[] head, ClientContent content) in _parts)
            {
                length += head.Length + content.Length + "\r\n".Length;
            }

            return length;
        }
    }

    /// <inheritdoc/>
    public override bool CanResend => _parts.TrueForAll(part => part.Content.CanResend);

    private byte[] End => Encoding.ASCII.GetBytes($"--{_boundary}--\r\n");

    /// <summary>Adds a field.</summary>
    public void Add(string name, string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        AddPart(name, "", BufferedContent.OfText(value, "text/plain"));
    }

    /// <summary>Adds a file.</summary>
    /// <param name="name">The name of the field.</param>
    /// <param name="fileName">The name of the file, for the server.</param>
    /// <param name="content">Its content; its type is sent.</param>
    /// <exception cref="ArgumentException">The type of the content is no field value.</exception>
    public void AddFile(string name, string fileName, ClientContent content)
    {
        ArgumentNullException.ThrowIfNull(fileName);
        ArgumentNullException.ThrowIfNull(content);
        string type = content.ContentType ?? "application/octet-stream";
        FieldRules.RequireValue(type);
        AddPart(
            name, $"; filename=\"{Escape(fileName)}\"\r\nContent-Type: {type}", content);
    }

    /// <inheritdoc/>
    protected internal override async Coroutine WriteAsync(ClientBodyWriter body)
    {
        ArgumentNullException.ThrowIfNull(body);
        foreach ((byte[] head, ClientContent content) in _parts)
        {
            await body.WriteAsync(head);
            await content.WriteAsync(body);
            await body.WriteAsync("\r\n"u8.ToArray());
        }

        await body.WriteAsync(End);
    }

    private void AddPart(string name, string more, ClientContent content)
    {
        ArgumentNullException.ThrowIfNull(name);
        string field = Escape(
            name.Replace("\r\n", "\n").Replace('\r', '\n').Replace("\n", "\r\n"));
        byte[] head = Encoding.UTF8.GetBytes(
            $"--{_boundary}\r\nContent-Disposition: form-data; name=\"{field}\"{more}\r\n\r\n");
        _parts.Add((head, content));
    }

    private static string Escape(string name) =>
        name.Replace("\"", "%22").Replace("\r", "%0D").Replace("\n", "%0A");
}

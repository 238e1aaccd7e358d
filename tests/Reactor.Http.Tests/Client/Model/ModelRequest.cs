using System.Globalization;
using System.Text;
using Reactor.Net;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// A request as a server of the model reads it, strictly: bytes that are no request, such as a rest
/// of the one before, are a broken promise of the client.
/// </summary>
/// <remarks>A reader of the tests' own, which shares no code with the client.</remarks>
internal sealed class ModelRequest
{
    private static readonly ReadOnlyMemory<byte>[] s_headEnd = ["\r\n\r\n"u8.ToArray()];
    private static readonly ReadOnlyMemory<byte>[] s_lineEnd = ["\r\n"u8.ToArray()];

    private readonly Dictionary<string, string> _fields = new(StringComparer.OrdinalIgnoreCase);

    private ModelRequest(string method, string target)
    {
        Method = method;
        Target = target;
    }

    public string Method { get; }

    public string Target { get; }

    public bool IsChunked => this["Transfer-Encoding"] == "chunked";

    /// <summary>The announced length; null: none.</summary>
    public int? ContentLength => this["Content-Length"] is { } text
        ? int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture)
        : null;

    public bool HasContent => IsChunked || ContentLength > 0;

    /// <summary>Whether the client waits for a 100 response.</summary>
    public bool ExpectsContinue => this["Expect"] == "100-continue";

    public string? this[string name] => _fields.GetValueOrDefault(name);

    /// <summary>Reads a head.</summary>
    /// <exception cref="FormatException">The bytes are no request.</exception>
    /// <exception cref="IOException">The connection ended.</exception>
    public static async Coroutine<ModelRequest> ReadAsync(Connection connection)
    {
        string head = Encoding.Latin1.GetString(await connection.ReadUntilAsync(s_headEnd));
        string[] lines = head.Split("\r\n")[..^2];
        string[] start = lines[0].Split(' ');
        if (start is not [var method, var target, "HTTP/1.1"]
            || !method.All(char.IsAsciiLetterUpper))
        {
            throw new FormatException($"no request line: '{lines[0]}'");
        }

        var request = new ModelRequest(method, target);
        foreach (string line in lines.Skip(1))
        {
            int colon = line.IndexOf(": ", StringComparison.Ordinal);
            if (colon < 1 || !request._fields.TryAdd(line[..colon], line[(colon + 2)..]))
            {
                throw new FormatException($"no field, or a second one: '{line}'");
            }
        }

        return request["Content-Length"] is not null && request["Transfer-Encoding"] is not null
            ? throw new FormatException("two framings")
            : request;
    }

    /// <summary>True once the content was read to its end.</summary>
    public bool IsRead { get; private set; }

    /// <summary>Reads on in the content, to its end or until so much of it is there.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="content">Takes what was read, also if the connection then ends.</param>
    /// <param name="bytesMax">The bytes of the content after which it stops.</param>
    /// <exception cref="FormatException">The framing is malformed.</exception>
    /// <exception cref="IOException">The connection ended.</exception>
    public async Coroutine ReadContentAsync(
        Connection connection, MemoryStream content, int bytesMax = int.MaxValue)
    {
        if (!IsChunked)
        {
            int length = ContentLength ?? 0;
            await ReadBytes(connection, content, Math.Min(length, bytesMax) - (int)content.Length);
            IsRead = content.Length == length;
            return;
        }

        while (!IsRead && content.Length < bytesMax)
        {
            string size = Encoding.Latin1.GetString(await connection.ReadUntilAsync(s_lineEnd));
            int bytes = int.Parse(
                size.AsSpan(0, size.Length - 2), NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture);
            await ReadBytes(connection, content, bytes);
            if (await connection.ReadExactlyAsync(2) is not [(byte)'\r', (byte)'\n'])
            {
                throw new FormatException("no end of a chunk");
            }

            IsRead = bytes == 0;
        }
    }

    private static async Coroutine ReadBytes(
        Connection connection, MemoryStream content, int bytes)
    {
        byte[] buffer = new byte[Math.Clamp(bytes, 0, 16 * 1024)];
        while (bytes > 0)
        {
            int read = await connection.ReadAsync(
                buffer.AsMemory(0, Math.Min(bytes, buffer.Length)));
            if (read == 0)
            {
                throw new EndOfStreamException();
            }

            content.Write(buffer, 0, read);
            bytes -= read;
        }
    }
}

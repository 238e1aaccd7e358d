using System.IO.Compression;
using System.IO.Pipelines;
using System.Net;
using System.Text;

namespace Reactor.Http.Tests.Client;

/// <summary>
/// Bodies with content codings as a peer sends them, each octet a character; the compressors are
/// those of .NET.
/// </summary>
internal static class Coded
{
    public const string Ok = "HTTP/1.1 200 OK\r\n";

    // "hello", put together by hand from the formats: a final stored block of deflate (RFC 1951
    // 3.2.4), alone and in the two formats with a checksum (RFC 1950, RFC 1952), and a stored
    // meta-block of Brotli (RFC 7932 9.2) with the empty last one behind it.
    public const string RawHello = "\u0001\u0005\0\u00FA\u00FFhello";
    public const string ZlibHello = "\u0078\u0001" + RawHello + "\u0006\u002C\u0002\u0015";
    public const string GzipHello =
        "\u001F\u008B\u0008\0\0\0\0\0\0\u00FF" + RawHello + "\u0086\u00A6\u0010\u0036\u0005\0\0\0";

    // A member without content: an empty final block of the fixed code (RFC 1951 3.2.6).
    public const string GzipNothing =
        "\u001F\u008B\u0008\0\0\0\0\0\0\u00FF\u0003\0\0\0\0\0\0\0\0\0";

    public const string BrotliHello = "\u000B\u0002\u0080hello\u0003";

    /// <summary>Every coding is asked for.</summary>
    public static ClientOptions All { get; } =
        new() { Decompression = DecompressionMethods.All };

    public static byte[] Random(int bytes)
    {
        byte[] content = new byte[bytes];
        new Random(1).NextBytes(content);
        return content;
    }

    public static string Text(byte[] octets) => Encoding.Latin1.GetString(octets);

    /// <summary>Encodes with codings in the order in which Content-Encoding names them.</summary>
    public static string Encode(
        string codings, byte[] content, CompressionLevel level = CompressionLevel.Fastest)
    {
        foreach (string coding in codings.Split(", "))
        {
            using var coded = new MemoryStream();
            using (Stream coder = coding switch
            {
                "gzip" => new GZipStream(coded, level, leaveOpen: true),
                "deflate" => new ZLibStream(coded, level, leaveOpen: true),
                "raw" => new DeflateStream(coded, level, leaveOpen: true),
                _ => new BrotliStream(coded, level, leaveOpen: true),
            })
            {
                coder.Write(content);
            }

            content = coded.ToArray();
        }

        return Text(content);
    }

    /// <summary>A response with a coded body, framed in one of three ways.</summary>
    public static string Response(string coding, string body, string framing = "length") =>
        $"{Ok}Content-Encoding: {coding}\r\n" + framing switch
        {
            "length" => $"Content-Length: {body.Length}\r\n\r\n{body}",
            "chunks" => "Transfer-Encoding: chunked\r\n\r\n"
                + string.Concat(body.Chunk(7).Select(part => $"{part.Length:x}\r\n{new(part)}\r\n"))
                + "0\r\n\r\n",
            _ => $"\r\n{body}",
        };

    /// <summary>Reads a body as a stream to its end; returns its length.</summary>
    public static async Coroutine<long> ReadStreamAsync(
        ClientResponse response, Action? onPiece = null)
    {
        long bytes = 0;
        while (true)
        {
            ReadResult read = await response.Body.ReadAsync();
            bytes += read.Buffer.Length;
            onPiece?.Invoke();
            response.Body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return bytes;
            }
        }
    }
}

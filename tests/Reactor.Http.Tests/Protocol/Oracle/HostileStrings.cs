// Every short string of hostile octets, in every slot of a request where a parser must decide.
using System.Text;

namespace Reactor.Http.Tests.Oracle;

/// <summary>A request with a hole in it.</summary>
public sealed record Slot(string Name, string Before, string After)
{
    private const string Post = "POST / HTTP/1.1\r\nHost: a\r\n";
    private const string Chunked = Post + "Transfer-Encoding: chunked\r\n\r\n";
    private const string Rest = "\r\nHost: a\r\n\r\n";
    private const string Body = "0123456789";

    public static readonly Slot[] All =
    [
        new("before the method", "", "GET / HTTP/1.1" + Rest),
        new("method", "", " / HTTP/1.1" + Rest),
        new("end of the method", "GET", "/ HTTP/1.1" + Rest),
        new("target", "GET ", " HTTP/1.1" + Rest),
        new("path", "GET /", " HTTP/1.1" + Rest),
        new("authority", "GET http://", "/ HTTP/1.0\r\n\r\n"),
        new("authority beside Host", "GET http://a", "/ HTTP/1.1\r\nHost: a:80\r\n\r\n"),
        new("port beside Host", "GET http://A:8", "/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        new("escape beside Host", "GET http://%6", "1:/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        new("reserved escape beside Host", "GET http://%2", "1/ HTTP/1.1\r\nHost: !\r\n\r\n"),
        new("Host beside https", "GET https://a:443/ HTTP/1.1\r\nHost: a", "\r\n\r\n"),
        new("query", "GET /?", " HTTP/1.1" + Rest),
        new("CONNECT", "CONNECT a:8", " HTTP/1.1" + Rest),
        new("version", "GET / ", Rest),
        new("end of the version", "GET / HTTP/1", Rest),
        new("end of the request line", "GET / HTTP/1.1", "Host: a\r\n\r\n"),
        new("Host", "GET / HTTP/1.1\r\nHost: ", "\r\n\r\n"),
        new("port", "GET / HTTP/1.1\r\nHost: a:8", "\r\n\r\n"),
        new("IPv6", "GET / HTTP/1.1\r\nHost: [1:", "]\r\n\r\n"),
        new("length", Post + "Content-Length: ", "\r\n\r\n" + Body),
        new("end of a length", Post + "Content-Length: 1", "\r\n\r\n" + Body),
        new("coding", Post + "Transfer-Encoding: ", "\r\n\r\n0\r\n\r\n"),
        new("start of a coding", Post + "Transfer-Encoding: ", "chunked\r\n\r\n0\r\n\r\n"),
        new("end of a coding", Post + "Transfer-Encoding: chunked", "\r\n\r\n0\r\n\r\n"),
        new("connection", Post + "Connection: ", "close\r\n\r\n"),
        new("expectation", Post + "Content-Length: 1\r\nExpect: 100-continue", "\r\n\r\n1"),
        new("start of an expectation", Post + "Content-Length: 1\r\nExpect: ", "\r\n\r\n1"),
        new("empty elements", Post + "Content-Length: 1\r\nExpect: ,,,,,,,", "\r\n\r\n1"),
        new("chunk line", Chunked, "\r\n" + Body),
        new("end of a chunk size", Chunked + "5", "\r\nhello\r\n0\r\n\r\n"),
        new("chunk extension", Chunked + "5;a", "\r\nhello\r\n0\r\n\r\n"),
        new("quoted extension", Chunked + "5;a=\"", "\"\r\nhello\r\n0\r\n\r\n"),
        new("end of chunk data", Chunked + "1\r\nx", "0\r\n\r\n"),
        new("end of the last chunk", Chunked + "0\r\n", "\r\n"),
        new("trailer", Chunked + "0\r\nT", "\r\n\r\n"),
        new("start of a field line", Post, "N: v\r\n\r\n"),
        new("field name", Post + "N", ": v\r\n\r\n"),
        new("field value", Post + "N: ", "\r\n\r\n"),
        new("end of a field line", Post + "N: v", "M: w\r\n\r\n"),
        new("end of the head", Post + "N: v\r\n", "GET / HTTP/1.1\r\nHost: b\r\n\r\n"),
    ];

    public override string ToString() => Name;
}

/// <summary>The alphabets, and all strings of one length over one of them.</summary>
public static class HostileStrings
{
    public static readonly byte[] Alphabet =
        [.. "\0\t\n\v\r \x7F\x80\x85\xA0\xFF,:;=\"+-_./%019afxg{Tc?|\\".Select(c => (byte)c)];

    public static readonly byte[] MostHostile =
        [.. "\0\t\n\v\r \x85,:;=\"+01a".Select(c => (byte)c)];

    /// <summary>Fills the slot with each string in turn; one array, overwritten.</summary>
    public static IEnumerable<byte[]> Fill(Slot slot, byte[] alphabet, int length)
    {
        byte[] before = Encoding.Latin1.GetBytes(slot.Before);
        byte[] octets =
            [.. before, .. new byte[length], .. Encoding.Latin1.GetBytes(slot.After)];
        long count = (long)Math.Pow(alphabet.Length, length);
        for (long number = 0; number < count; number++)
        {
            long rest = number;
            for (int i = 0; i < length; i++)
            {
                octets[before.Length + i] = alphabet[rest % alphabet.Length];
                rest /= alphabet.Length;
            }

            yield return octets;
        }
    }
}

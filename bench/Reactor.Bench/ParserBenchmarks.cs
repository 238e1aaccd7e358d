// What one head costs, from the bytes of a receive to a filled-in head.
//
// `Wrk` is the request of a load generator as a sequence, `Piece` the same as one piece, with
// another path each time, `Again` the same as the last time, which is recognised. `Browser` has
// fifteen fields, a cookie and a query, and is parsed each time; `Strings` makes strings of its
// parts as well, as one would for a request with properties and a dictionary. `Segments` is the
// browser's cut in two, `ByteByByte` the worst way in which it may arrive, and `Chunks` a body of
// 64 chunks.
using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Reactor.Http.Protocol;

namespace Reactor.Bench;

[MemoryDiagnoser]
public class ParserBenchmarks
{
    private const string WrkText = "GET /plaintext HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n";

    internal const string BrowserText =
        "GET /articles/42?page=3&sort=date HTTP/1.1\r\nHost: www.example.com\r\n"
        + "Connection: keep-alive\r\nCache-Control: max-age=0\r\n"
        + "sec-ch-ua: \"Chromium\";v=\"130\", \"Not?A_Brand\";v=\"99\"\r\nsec-ch-ua-mobile: ?0\r\n"
        + "sec-ch-ua-platform: \"Linux\"\r\nUpgrade-Insecure-Requests: 1\r\n"
        + "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 "
        + "Chrome/130.0 Safari/537.36\r\n"
        + "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8\r\n"
        + "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-User: ?1\r\n"
        + "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-GB,en;q=0.9\r\n"
        + "Cookie: session=0123456789abcdef0123456789abcdef; theme=dark\r\n\r\n";

    private readonly RequestParser _parser = new();
    private readonly RequestHead _head = new();
    private readonly ResponseParser _responseParser = new();
    private readonly ResponseHead _responseHead = new();
    private readonly BodyDecoder _decoder = new();
    private ReadOnlySequence<byte> _wrk;
    private ReadOnlySequence<byte> _browser;
    private ReadOnlySequence<byte> _segments;
    private ReadOnlySequence<byte> _response;
    private ReadOnlySequence<byte> _chunks;
    private readonly byte[][] _pieces = new byte[2][];
    private byte[] _bytes = [];
    private int _turn;

    [GlobalSetup]
    public void Setup()
    {
        _wrk = Sequence(WrkText);
        _pieces[0] = Encoding.ASCII.GetBytes(WrkText);
        _pieces[1] = Encoding.ASCII.GetBytes(WrkText.Replace("/p", "/q", StringComparison.Ordinal));
        _browser = Sequence(BrowserText);
        _bytes = Encoding.ASCII.GetBytes(BrowserText);
        var first = new Segment(_bytes.AsMemory(0, 300), 0);
        var second = new Segment(_bytes.AsMemory(300), 300);
        first.Follow(second);
        _segments = new ReadOnlySequence<byte>(first, 0, second, second.Memory.Length);
        _response = Sequence(
            "HTTP/1.1 200 OK\r\nServer: reactor\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            + "Content-Type: text/plain\r\nContent-Length: 13\r\n\r\n");
        _chunks = Sequence(
            string.Concat(Enumerable.Repeat("40\r\n" + new string('x', 64) + "\r\n", 64))
            + "0\r\n\r\n");
    }

    [Benchmark(Baseline = true)]
    public ParseStatus Wrk() => _parser.Parse(_wrk, _head, out _);

    [Benchmark]
    public ParseStatus Piece() => _parser.Parse(_pieces[++_turn & 1], _head, out int _);

    [Benchmark]
    public ParseStatus Again() => _parser.Parse(_wrk.FirstSpan, _head, out int _);

    [Benchmark]
    public ParseStatus Browser() => _parser.Parse(_browser, _head, out _);

    [Benchmark]
    public int Strings()
    {
        _parser.Parse(_browser, _head, out _);
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < _head.Count; i++)
        {
            Field field = _head[i];
            fields[Encoding.Latin1.GetString(field.Name)] = Encoding.Latin1.GetString(field.Value);
        }

        return fields.Count + Encoding.Latin1.GetString(_head.MethodBytes).Length
            + Encoding.Latin1.GetString(_head.Path).Length
            + Encoding.Latin1.GetString(_head.Query).Length;
    }

    [Benchmark]
    public ParseStatus Segments() => _parser.Parse(_segments, _head, out _);

    [Benchmark]
    public ParseStatus ByteByByte()
    {
        var status = ParseStatus.NeedMore;
        for (int length = 1; length <= _bytes.Length; length++)
        {
            status = _parser.Parse(new ReadOnlySequence<byte>(_bytes, 0, length), _head, out _);
        }

        return status;
    }

    [Benchmark]
    public ParseStatus Response() => _responseParser.Parse(_response, _responseHead, out _);

    [Benchmark]
    public long Chunks()
    {
        _decoder.Start(BodyKind.Chunked, -1, long.MaxValue);
        _decoder.Read(_chunks, null, out _);
        return _decoder.ContentBytes;
    }

    private static ReadOnlySequence<byte> Sequence(string text) =>
        new(Encoding.ASCII.GetBytes(text));

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(ReadOnlyMemory<byte> memory, long start)
        {
            Memory = memory;
            RunningIndex = start;
        }

        public void Follow(Segment next) => Next = next;
    }
}

// What one head costs, from the bytes of a receive to a filled-in head.
//
// `Wrk` is the request of a load generator as a sequence, `Piece` the same as a span. `Browser` has
// sixteen fields; `Strings` also makes strings of its parts, as a request with properties and a
// dictionary would. `Segments` is the browser's head in two segments, `ByteByByte` the worst way in
// which it may arrive, and `Chunks` a body of 64 chunks.
using System.Buffers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Reactor.Http.Protocol;

namespace Reactor.Bench;

[MemoryDiagnoser]
public class ParserBenchmarks
{
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
    private byte[] _bytes = [];

    [GlobalSetup]
    public void Setup()
    {
        _wrk = Sequence(RequestHeads.Wrk);
        _browser = Sequence(RequestHeads.Browser);
        _bytes = Encoding.ASCII.GetBytes(RequestHeads.Browser);
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
    public ParseStatus Piece() => _parser.Parse(_wrk.FirstSpan, _head, out int _);

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

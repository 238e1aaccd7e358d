// What a chunk of one byte costs in a request body, the dearest way to send one: six bytes on the
// wire for each byte of content.
//
// `Decoder` is the decoder alone, with all of them in one buffer. The others are a whole request on
// a client without a kernel: `Whole` reads the body into memory, `Streamed` through the reader, and
// `Dropped` answers without reading it, so that the connection drops it.
using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using BenchmarkDotNet.Attributes;
using Reactor.Http;
using Reactor.Http.Protocol;
using Reactor.Net;
using Reactor.Simulation;

namespace Reactor.Bench.HotPath;

[MemoryDiagnoser]
public class BodyBenchmarks
{
    // As many as fit the least room that a receive has.
    private const int ChunksOfPiece = 170;
    private const int Pieces = 1000;
    private const int Chunks = ChunksOfPiece * Pieces;

    private readonly BodyDecoder _decoder = new();
    private readonly ArrayBufferWriter<byte> _content = new(Chunks);
    private readonly byte[] _piece =
        Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("1\r\nx\r\n", ChunksOfPiece)));

    private ReadOnlySequence<byte> _body;
    private EventLoop _loop = null!;
    private HttpServer _server = null!;

    [GlobalSetup]
    public void Setup()
    {
        _body = new ReadOnlySequence<byte>(
            [.. Enumerable.Repeat(_piece, Pieces).SelectMany(piece => piece), .. "0\r\n\r\n"u8]);
        _loop = new EventLoop(new EventLoopOptions { Driver = new InMemoryDriver() });
        var app = new Application();
        app.Post("/whole", static async request => Took((await request.ReadAsync()).Length));
        app.Post("/streamed", static async request => Took(await Count(request.Body)));
#pragma warning disable CS1998 // a handler that has nothing to wait for
        app.Post("/dropped", static async Coroutine<Response> (_) => Took(Chunks));
#pragma warning restore CS1998
        _server = app.MakeHandler();
    }

    [GlobalCleanup]
    public void Cleanup() => _loop.Dispose();

    [Benchmark(OperationsPerInvoke = Chunks)]
    public long Decoder()
    {
        _content.ResetWrittenCount();
        _decoder.Start(BodyKind.Chunked, -1, long.MaxValue);
        _decoder.Read(_body, _content, out _);
        return _decoder.ContentBytes;
    }

    [Benchmark(OperationsPerInvoke = Chunks)]
    public void Whole() => Serve("/whole");

    [Benchmark(OperationsPerInvoke = Chunks)]
    public void Streamed() => Serve("/streamed");

    [Benchmark(OperationsPerInvoke = Chunks)]
    public void Dropped() => Serve("/dropped");

    private static async Coroutine<long> Count(PipeReader body)
    {
        long bytes = 0;
        while (true)
        {
            ReadResult read = await body.ReadAsync();
            bytes += read.Buffer.Length;
            body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return bytes;
            }
        }
    }

    private static Response Took(long bytes) => bytes == Chunks
        ? Response.Text("taken")
        : throw new InvalidOperationException("The body is not what was sent.");

    private void Serve(string path)
    {
        byte[] head = Encoding.ASCII.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
        byte[] end = "0\r\n\r\n"u8.ToArray();

        // The socket counts down.
        byte[][] pieces = [end, .. Enumerable.Repeat(_piece, Pieces), head];
        var socket = new CannedSocket(_loop, pieces) { PiecesLeft = pieces.Length };
        _loop.RunUntilComplete(
            _server.ServeAsync(new Connection(_loop, socket, StreamOptions.Default)));
        if (socket.PiecesLeft != 0)
        {
            throw new InvalidOperationException("The server did not take the whole body.");
        }
    }
}

// What it costs to get at the bytes of one receive and to be done with them, without a kernel:
// `Piece` as the server does, `Sequence` as any user of a PipeReader.
using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using BenchmarkDotNet.Attributes;
using Reactor.Net;
using Reactor.Simulation;

namespace Reactor.Bench.HotPath;

[MemoryDiagnoser]
public class ReadBenchmarks
{
    private static readonly byte[] s_request =
        Encoding.ASCII.GetBytes("GET /plaintext HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n");

    private EventLoop _loop = null!;
    private Connection _connection = null!;

    [GlobalSetup]
    public void Setup()
    {
        _loop = new EventLoop(new EventLoopOptions { Driver = new InMemoryDriver() });
        var socket = new CannedSocket(_loop, s_request) { PiecesLeft = int.MaxValue };
        _connection = new Connection(_loop, socket, StreamOptions.Default);
    }

    [GlobalCleanup]
    public void Cleanup() => _loop.Dispose();

    [Benchmark(Baseline = true)]
    public int Piece()
    {
        _connection.TryReadPiece(out ReadOnlySpan<byte> piece);
        int first = piece[0];
        _connection.Consume(piece.Length);
        return first;
    }

    [Benchmark]
    public int Sequence()
    {
        _connection.Input.TryRead(out ReadResult read);
        ReadOnlySequence<byte> buffer = read.Buffer;
        int first = buffer.FirstSpan[0];
        _connection.Input.AdvanceTo(buffer.GetPosition(buffer.Length));
        return first;
    }
}

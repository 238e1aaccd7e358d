// What a request borrows, beside the same made anew: the exchange, with its parser, head, body and
// writer, and a block of 16 KiB to receive into. `BlockOfArrayPool` is the framework's own pool,
// which any thread may use and so has to be asked with more care.
using System.Buffers;
using BenchmarkDotNet.Attributes;
using Reactor.Http;
using Reactor.Net;
using Reactor.Simulation;

namespace Reactor.Bench.HotPath;

[MemoryDiagnoser]
public class PoolBenchmarks
{
    private EventLoop _loop = null!;
    private ExchangePool _exchanges = null!;
    private HttpConnection _owner = null!;
    private BlockPool _blocks = null!;

    [GlobalSetup]
    public void Setup()
    {
        _loop = new EventLoop(new EventLoopOptions { Driver = new InMemoryDriver() });
        HttpServer server = new Application().MakeHandler();
        _exchanges = server.Host.Exchanges;
        _blocks = BlockPool.Of(_loop);
        var connection = new Connection(
            _loop, new CannedSocket(_loop, []), StreamOptions.Default);
        _owner = new HttpConnection(server.Host, connection);
    }

    [GlobalCleanup]
    public void Cleanup() => _loop.Dispose();

    [Benchmark]
    public void ExchangeRented() => _exchanges.Return(_exchanges.Rent(_owner, null));

    [Benchmark]
    public object ExchangeMade() => _exchanges.Make(_loop);

    [Benchmark]
    public void BlockRented() => _blocks.Return(_blocks.RentSegment(1));

#pragma warning disable CA1822 // the runner wants instance methods
    [Benchmark]
    public void BlockOfArrayPool() =>
        ArrayPool<byte>.Shared.Return(ArrayPool<byte>.Shared.Rent(BlockPool.BlockBytes));

    [Benchmark]
    public object BlockMade() => new byte[BlockPool.BlockBytes];
#pragma warning restore CA1822
}

// What it costs to know the time, with the epoll driver's clock: `TurnTime` is when the turn began,
// `Time` asks the clock. `CachedDate` is the Date field as the server has it, `FormattedDate` the
// same made anew.
using BenchmarkDotNet.Attributes;
using Reactor.Drivers;
using Reactor.Http;
using Reactor.Http.Protocol;

namespace Reactor.Bench.HotPath;

[MemoryDiagnoser]
public class ClockBenchmarks
{
    private readonly DateCache _date = new();
    private readonly byte[] _text = new byte[HttpDate.Length];
    private EventLoop _loop = null!;

    [GlobalSetup]
    public void Setup() =>
        _loop = new EventLoop(new EventLoopOptions { Driver = LoopDrivers.Epoll() });

    [GlobalCleanup]
    public void Cleanup() => _loop.Dispose();

    [Benchmark(Baseline = true)]
    public TimeSpan TurnTime() => _loop.TurnTime;

    [Benchmark]
    public TimeSpan Time() => _loop.Time;

    [Benchmark]
    public byte CachedDate() => _date.Now(_loop)[0];

    [Benchmark]
    public byte FormattedDate()
    {
        HttpDate.Format(_loop.Driver.UtcNow, _text);
        return _text[0];
    }
}

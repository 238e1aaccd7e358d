// What it costs to run a step in its execution context when nothing has changed it, which is nearly
// always: `Compared` looks first, as the loop does, `Restored` sets it in any case.
using BenchmarkDotNet.Attributes;

namespace Reactor.Bench.HotPath;

[MemoryDiagnoser]
public class ContextBenchmarks
{
    private readonly AsyncLocal<int> _value = new();
    private ExecutionContext _context = null!;

    [GlobalSetup]
    public void Setup()
    {
        _value.Value = 1;
        _context = LoopContext.CaptureValues();
    }

    [Benchmark(Baseline = true)]
    public void Compared() => LoopContext.Enter(_context);

    [Benchmark]
    public void Restored() => ExecutionContext.Restore(_context);
}

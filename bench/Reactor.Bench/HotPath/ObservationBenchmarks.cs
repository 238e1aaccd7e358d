// What it costs to observe requests, without a kernel and with a clock that costs next to nothing:
// `Off` is the server as it is, `LoopTime` measures the loop time of each request, `AccessLog` also
// gives each a record. What a reading of the real clock adds is in ClockBenchmarks.
//
// A request is one step of its connection's task; one that waits is ten more, each a turn.
using System.Diagnostics;
using BenchmarkDotNet.Attributes;
using Reactor.Http;

namespace Reactor.Bench.HotPath;

[MemoryDiagnoser]
public class ObservationBenchmarks
{
    private const int Operations = 16_000;
    private const string Plain = "GET /plaintext HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n";
    private const string Waits = "GET /waits HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n";

    private readonly ActivityListener _listener = new()
    {
        ShouldListenTo = source => source.Name == HttpTraces.SourceName,
        Sample = static (ref ActivityCreationOptions<ActivityContext> _) =>
            ActivitySamplingResult.AllDataAndRecorded,
    };

    private CannedServer _off = null!;
    private CannedServer _loopTime = null!;
    private CannedServer _accessLog = null!;

    [GlobalSetup]
    public void Setup()
    {
        _off = Make(new HttpServerLog());
        _loopTime = Make(new HttpServerLog { MeasuresLoopTime = true });
        _accessLog = Make(new HttpServerLog { AccessLog = static _ => { } });
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _off.Dispose();
        _loopTime.Dispose();
        _accessLog.Dispose();
        _listener.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void Off() => _off.Serve(Operations, Plain);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void LoopTime() => _loopTime.Serve(Operations, Plain);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void AccessLog() => _accessLog.Serve(Operations, Plain);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void WaitingOff() => _off.Serve(Operations, Waits);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void WaitingLoopTime() => _loopTime.Serve(Operations, Waits);

    [GlobalSetup(Target = nameof(Traced))]
    public void Listen()
    {
        Setup();
        ActivitySource.AddActivityListener(_listener);
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public void Traced() => _off.Serve(Operations, Plain);

    private static CannedServer Make(HttpServerLog log)
    {
        var app = new Application();
#pragma warning disable CS1998 // a handler that has nothing to wait for is what is measured
        app.Get("/plaintext", static async Coroutine<Response> (_) => Answer());
#pragma warning restore CS1998
        app.Get("/waits", static async Coroutine<Response> (_) =>
        {
            for (int i = 0; i < 10; i++)
            {
                await EventLoop.Yield();
            }

            return Answer();
        });
        return new CannedServer(app, new HttpServerOptions { Log = log });
    }

    private static Response Answer() => Response.Text("Hello, World!");
}

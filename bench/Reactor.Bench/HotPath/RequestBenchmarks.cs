// What a whole request costs us, from readable to sent, with everything of the server and nothing
// of the kernel.
//
// `OneByOne` waits before each request, `Sixteen` gets them in one piece; these are equal requests,
// which are recognised, and those of `OtherEachTime` are not: two take turns. `Strings` is the
// first with a handler that asks for the method, the path and a field; `InTask` runs the answer in
// a task of its own, as a server does that starts one for each request.
using BenchmarkDotNet.Attributes;
using Reactor.Http;

namespace Reactor.Bench.HotPath;

[MemoryDiagnoser]
public class RequestBenchmarks
{
    private const int Operations = 16_000;
    private const int Pipelined = 16;

    private CannedServer _server = null!;

    [GlobalSetup]
    public void Setup()
    {
        var app = new Application();
#pragma warning disable CS1998 // a handler that has nothing to wait for is what is measured
        app.Get("/plaintext", static async Coroutine<Response> (_) => Answer());
        app.Get("/strings", static async Coroutine<Response> (request) =>
        {
            Keep(request.Method, request.Path, request.GetHeader("Host"));
            return Answer();
        });
        app.Get("/in-task", static async Coroutine<Response> (_) =>
            await EventLoop.Spawn(AnswerInTask()));
        _server = new CannedServer(app);

        static async Coroutine<Response> AnswerInTask() => Answer();
#pragma warning restore CS1998
    }

    [GlobalCleanup]
    public void Cleanup() => _server.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void OneByOne() => Serve("/plaintext", 1);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void Sixteen() => Serve("/plaintext", Pipelined);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void OtherEachTime() =>
        _server.Serve(Operations, Request("/plaintext", "one"), Request("/plaintext", "two"));

    [Benchmark(OperationsPerInvoke = Operations)]
    public void Strings() => Serve("/strings", 1);

    [Benchmark(OperationsPerInvoke = Operations)]
    public void InTask() => Serve("/in-task", 1);

    private static Response Answer() => Response.Text("Hello, World!");

    private static void Keep(string method, string path, string? host)
    {
        if (method.Length + path.Length + host!.Length == 0)
        {
            throw new InvalidOperationException("A request has a method, a path and a host.");
        }
    }

    private static string Request(string path, string host = "127.0.0.1:8000") =>
        $"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n";

    private void Serve(string path, int together) => _server.Serve(
        Operations / together, string.Concat(Enumerable.Repeat(Request(path), together)));
}

// What a middleware that passes everything on adds to a whole request.
//
// `Async` is `async (request, next) => await next(request)`, whose frame comes from a pool;
// `Direct` is `(request, next) => next(request)`, which has none. `Nine…` less `One…`, by eight, is
// the cost of one. `Group` is a request to a group of a group, without middleware: its handler is
// composed to the same object, so it must cost what `None` does. `Generated` is a 404 and has
// nothing to compare with but itself.
using BenchmarkDotNet.Attributes;
using Reactor.Http;

namespace Reactor.Bench.HotPath;

[MemoryDiagnoser]
public class MiddlewareBenchmarks
{
    private const int Operations = 16_000;
    private const int Many = 9;

    private readonly List<CannedServer> _all = [];
    private CannedServer _none = null!;
    private CannedServer _oneAsync = null!;
    private CannedServer _nineAsync = null!;
    private CannedServer _oneDirect = null!;
    private CannedServer _nineDirect = null!;

    [GlobalSetup]
    public void Setup()
    {
        _none = Make(0, Async);
        _oneAsync = Make(1, Async);
        _nineAsync = Make(Many, Async);
        _oneDirect = Make(1, Direct);
        _nineDirect = Make(Many, Direct);
    }

    [GlobalCleanup]
    public void Cleanup() => _all.ForEach(server => server.Dispose());

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public void None() => Serve(_none, "/plaintext");

    [Benchmark(OperationsPerInvoke = Operations)]
    public void Group() => Serve(_none, "/a/b/plaintext");

    [Benchmark(OperationsPerInvoke = Operations)]
    public void OneAsync() => Serve(_oneAsync, "/plaintext");

    [Benchmark(OperationsPerInvoke = Operations)]
    public void NineAsync() => Serve(_nineAsync, "/plaintext");

    [Benchmark(OperationsPerInvoke = Operations)]
    public void OneDirect() => Serve(_oneDirect, "/plaintext");

    [Benchmark(OperationsPerInvoke = Operations)]
    public void NineDirect() => Serve(_nineDirect, "/plaintext");

    [Benchmark(OperationsPerInvoke = Operations)]
    public void Generated() => Serve(_none, "/none");

    private static void Serve(CannedServer server, string path) =>
        server.Serve(Operations, $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n\r\n");

    private static async Coroutine<Response> Async(Request request, Handler next) =>
        await next(request);

    private static Coroutine<Response> Direct(Request request, Handler next) => next(request);

#pragma warning disable CS1998 // a handler that has nothing to wait for is what is measured
    private CannedServer Make(
        int count, Func<Request, Handler, Coroutine<Response>> middleware)
    {
        var app = new Application();
        for (int i = 0; i < count; i++)
        {
            app.Use(middleware);
        }

        app.Get(
            "/plaintext", static async Coroutine<Response> (_) => Response.Text("Hello, World!"));
        app.Group("/a").Group("/b").Get(
            "/plaintext", static async Coroutine<Response> (_) => Response.Text("Hello, World!"));
        var server = new CannedServer(app);
        _all.Add(server);
        return server;
    }
#pragma warning restore CS1998
}

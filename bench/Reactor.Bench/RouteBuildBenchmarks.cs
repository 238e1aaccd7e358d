// What it costs to start an application with ten thousand routes: each is checked against all
// others, and the literal ones are put into the dictionary of the dispatcher.
//
// `Plain` has literals and parameters. `Constrained` has two overlapping constraints at each place,
// so that each route is compared with those below the other. `Hosts` spreads the routes over a
// hundred hosts and their groups.
using System.Globalization;
using BenchmarkDotNet.Attributes;
using Reactor.Http;

namespace Reactor.Bench;

[MemoryDiagnoser]
public class RouteBuildBenchmarks
{
    [Params(10_000)]
    public int Routes { get; set; }

    [Benchmark(Baseline = true)]
    public object Plain()
    {
        var app = new Application();
        for (int i = 0; i < Routes; i += 4)
        {
            string kind = i.ToString(CultureInfo.InvariantCulture);
            app.Get($"/kind{kind}", Handle);
            app.Post($"/kind{kind}", Handle);
            app.Get($"/kind{kind}/{{id}}", Handle);
            app.Get($"/kind{kind}/{{id}}/parts/{{part}}", Handle);
        }

        return Composition.Compose(app);
    }

    [Benchmark]
    public object Constrained()
    {
        var app = new Application();
        for (int i = 0; i < Routes; i += 4)
        {
            string kind = i.ToString(CultureInfo.InvariantCulture);
            app.Get($"/kind{kind}/{{id:int}}", Handle);
            app.Get($"/kind{kind}/{{id:guid}}", Handle);
            app.Get($"/items/{{id:int}}/{kind}", Handle);
            app.Get($"/items/{{code:len(2,8)}}/x{kind}", Handle);
        }

        return Composition.Compose(app);
    }

    [Benchmark]
    public object Hosts()
    {
        const int Count = 100;
        var app = new Application();
        for (int host = 0; host < Count; host++)
        {
            Application group =
                app.Host(string.Create(CultureInfo.InvariantCulture, $"h{host}.example"))
                    .Group("/api");
            for (int i = 0; i < Routes / Count; i++)
            {
                group.Get(
                    string.Create(CultureInfo.InvariantCulture, $"/kind{i}/{{id:int}}"), Handle);
            }
        }

        return Composition.Compose(app);
    }

    private static Response Handle(Request request) => throw new NotSupportedException();
}

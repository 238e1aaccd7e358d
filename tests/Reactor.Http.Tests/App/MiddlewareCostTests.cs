using Reactor.Http.Tests.Server;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.App;

/// <summary>
/// A middleware is composed once: a request allocates nothing for it. Its time is measured by
/// <c>MiddlewareBenchmarks</c>.
/// </summary>
[Category("Measured")]
[NonParallelizable]
public sealed class MiddlewareCostTests
{
    private const int Many = 8;
    private const int Requests = 400;
    private const int Rounds = 21;
    private const int RoundsMax = 400;

    [TestCase(true)]
    [TestCase(false)]
    public void One_that_passes_everything_on_allocates_nothing_for_a_request(bool isAsync)
    {
        using ServerFixture without = Serve(0, Direct);
        using ServerFixture with = Serve(Many, isAsync ? Async : Direct);

        Assert.That(Excess(with, "/x", without, "/x") / Many, Is.EqualTo(0).Within(1.0));
    }

    [Test]
    public void A_group_without_middleware_costs_a_request_nothing()
    {
        using ServerFixture server = Serve(0, Direct);

        Assert.That(Excess(server, "/a/b/x", server, "/a/c/x"), Is.EqualTo(0).Within(1.0));
    }

    private static ServerFixture Serve(
        int count, Func<Request, Handler, Coroutine<Response>> middleware) => new(app =>
        {
            for (int i = 0; i < count; i++)
            {
                app.Use(middleware);
            }

            app.OnGet("/x", "x");
            app.OnGet("/a/c/x", "x");
            app.Group("/a").Group("/b").OnGet("/x", "x");
        });

    /// <summary>
    /// How many bytes more a request allocates than another one: the median of the last rounds, in
    /// which they take turns. Code that is not optimised yet boxes values, and may be replaced in a
    /// round, so a difference counts only if it stays; one round may also save what others do not.
    /// </summary>
    private static double Excess(
        ServerFixture server, string path, ServerFixture baseServer, string basePath)
    {
        HttpPeer peer = server.Connect();
        HttpPeer basePeer = baseServer.Connect();
        var last = new Queue<long>();
        for (int i = 0; i < Rounds || (i < RoundsMax && Math.Abs(Median(last)) > Requests); i++)
        {
            last.Enqueue(
                BytesOf(server, peer, path) - BytesOf(baseServer, basePeer, basePath));
            if (last.Count > Rounds)
            {
                last.Dequeue();
            }
        }

        return (double)Median(last) / Requests;
    }

    private static long Median(Queue<long> values) => values.Order().ElementAt(values.Count / 2);

    private static long BytesOf(ServerFixture server, HttpPeer peer, string path)
    {
        string requests = string.Concat(Enumerable.Repeat(Get(path), Requests));
        long before = GC.GetAllocatedBytesForCurrentThread();
        peer.Send(requests);
        server.Settle();
        Assert.That(peer.Take(), Has.Count.EqualTo(Requests));
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static async Coroutine<Response> Async(Request request, Handler next) =>
        await next(request);

    private static Coroutine<Response> Direct(Request request, Handler next) => next(request);
}

using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// What a request allocates without middleware: the two objects that a handler sees, and nothing
/// else. docs/hot-path.md states the bytes; bench/run measures them in the whole program.
/// </summary>
[Category("Measured")]
[NonParallelizable]
public sealed class RequestAllocationTests
{
    /// <summary>Of one piece: few enough to be answered in one turn and one write.</summary>
    private const int Requests = 32;

    private const int RoundsMax = 2000;

    /// <summary>
    /// Words of 8 bytes: two of the runtime for each object; channel, context, decoded parts and
    /// the two of <see cref="MatchInfo"/>; content, its place, type, fields and status.
    /// </summary>
    private const int BytesMax = (2 + 5 + 2 + 5) * 8;

    private static readonly byte[] s_hello = "Hello, World!"u8.ToArray();

    [Test]
    public void A_request_allocates_itself_and_its_response()
    {
        long expected =
            ObjectGraph.BytesOf(typeof(Request)) + ObjectGraph.BytesOf(typeof(Response));
        long[] allocated = new long[Requests];
        int calls = 0;
        using var server = new ServerFixture(app => app.Get("/plaintext", _ =>
        {
            allocated[calls++] = GC.GetAllocatedBytesForCurrentThread();
            return Response.Bytes(s_hello, "text/plain");
        }));
        HttpPeer peer = server.ConnectNow();
        string requests = string.Concat(Enumerable.Repeat(Get("/plaintext"), Requests));

        // From one call of the handler to the next, all is the server's: response, head, request.
        // Code that is not optimised yet boxes values, so the first rounds do not count.
        long[] each = [];
        for (int i = 0; i < RoundsMax && (i == 0 || each.Any(bytes => bytes != expected)); i++)
        {
            calls = 0;
            peer.Send(requests);
            server.Settle();
            Assert.That(peer.Take(), Has.Count.EqualTo(Requests));
            each = [.. allocated.Skip(1).Zip(allocated, (after, before) => after - before)];
        }

        Assert.That(each, Is.All.EqualTo(expected));
        Assert.That(expected, Is.LessThanOrEqualTo(BytesMax));
    }
}

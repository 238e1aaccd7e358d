using System.Buffers;
using System.IO.Pipelines;
using Reactor.Sync;
using static Reactor.Http.Tests.Server.ServerFixture;

namespace Reactor.Http.Tests.Server;

/// <summary>
/// A server whose bodies have 64 KiB of memory together, and clients that send parts of bodies.
/// </summary>
internal static class BodyBudgetWorld
{
    public const int Budget = 64 * 1024;
    public const int Block = 16 * 1024;

    public const string ChunkedHead =
        "POST / HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n";

    public static HttpServerOptions Options { get; } =
        new() { Limits = new() { BodyBufferBytesMax = Budget } };

    public static HttpServerOptions Endless { get; } = Options with
    {
        Times = Options.Times with
        {
            BodyStallTimeout = TimeSpan.MaxValue,
            BodyPauseTimeout = TimeSpan.MaxValue,
        },
    };

    public static BodyBudget BudgetOf(ServerFixture server) =>
        server.Http.Context.BudgetOf(server.Loop);

    public static string Head(int bytes) =>
        $"POST / HTTP/1.1\r\nHost: test\r\nContent-Length: {bytes}\r\n\r\n";

    /// <summary>A client that sends a part of a body; `Finish` adds a byte.</summary>
    public static HttpPeer Begin(ServerFixture server, int bytes, int bytesNow)
    {
        HttpPeer peer = server.ConnectNow();
        peer.Send(Head(bytes) + new string('x', bytesNow));
        server.Settle();
        return peer;
    }

    public static RawAnswer Finish(ServerFixture server, HttpPeer peer)
    {
        peer.Send("x");
        server.Settle();
        return peer.TakeOne("POST");
    }

    /// <summary>A client whose body its handler keeps until the gate opens.</summary>
    public static HttpPeer Hold(ServerFixture server, int bytes)
    {
        HttpPeer peer = server.ConnectNow();
        peer.Send(Post("/hold", new string('x', bytes)));
        server.Settle();
        Assert.That(peer.Received, Is.Empty);
        return peer;
    }

    public static ServerFixture Serving(HttpServerOptions? options = null, Gate? gate = null) =>
        new(
            app =>
            {
                app.Post("/", async request =>
                    Response.Text($"{(await request.ReadAsync()).Length}"));
                app.On("POST", "/ignore", _ => new Response(204));
                app.Post("/sum", Sum, new RouteOptions { BodyBytesMax = 10_000_000 });
                app.Post("/keep", async request => Response.Text(
                    $"{(await request.Body.ReadAtLeastAsync(10_000_000)).Buffer.Length}"));
                app.Post("/hold", async request =>
                {
                    await request.ReadAsync();
                    await gate!.Opened;
                    return Response.Text("held");
                });
            },
            options ?? Options);

    private static async Coroutine<Response> Sum(Request request)
    {
        long sum = 0;
        while (true)
        {
            ReadResult read = await request.Body.ReadAsync();
            foreach (byte one in read.Buffer.ToArray())
            {
                sum += one;
            }

            request.Body.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return Response.Text($"{sum}");
            }
        }
    }

    /// <summary>What handlers wait for; a test that ends opens it.</summary>
    public sealed class Gate : IDisposable
    {
        private readonly AsyncEvent _event = new();

        public Coroutine Opened => WaitOpened();

        public void Open() => _event.Set();

        public void Dispose() => Open();

        private async Coroutine WaitOpened() => await _event.WaitAsync();
    }
}

// A scope of services for each request that asks for one, disposed of on every way out.
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Reactor;
using Reactor.Hosting;
using Reactor.Http;

namespace Hosting.Tests;

[TestFixture]
public sealed class RequestServicesTests
{
    [Test]
    public async Task A_request_has_one_scope_and_the_next_one_another()
    {
        Tally tally = new();
        await using var server = await Serve(tally, async Coroutine<Response> (request) =>
        {
            var first = request.GetServices().GetRequiredService<Unit>();
            var second = request.GetServices().GetRequiredService<Unit>();
            return Response.Text($"{first.Number} {ReferenceEquals(first, second)}");
        });

        Assert.That(await server.Client.GetStringAsync("/"), Is.EqualTo("1 True"));
        Assert.That(await server.Client.GetStringAsync("/"), Is.EqualTo("2 True"));
        Assert.That(tally, Is.EqualTo(new Tally { Made = 2, Disposed = 2 }));
    }

    [Test]
    public async Task A_request_that_asks_for_none_makes_none()
    {
        Tally tally = new();
        await using var server =
            await Serve(tally, async Coroutine<Response> (_) => Response.Text("none"));
        await server.Client.GetStringAsync("/");

        Assert.That(tally, Is.EqualTo(new Tally()));
    }

    [Test]
    public async Task The_scope_of_a_handler_that_throws_is_disposed_of()
    {
        Tally tally = new();
        await using var server = await Serve(tally, async Coroutine<Response> (request) =>
        {
            request.GetServices().GetRequiredService<Unit>();
            throw HttpException.NotFound("gone");
        });
        using HttpResponseMessage response = await server.Client.GetAsync("/");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(tally, Is.EqualTo(new Tally { Made = 1, Disposed = 1 }));
    }

    [Test]
    public async Task The_scope_of_a_handler_that_is_cut_off_is_disposed_of()
    {
        Tally tally = new();
        var disposed = new TaskCompletionSource();
        await using var server = await Serve(
            tally,
            async Coroutine<Response> (request) =>
            {
                request.GetServices().GetRequiredService<Unit>().WhenDisposed = disposed;
                await EventLoop.Delay(TimeSpan.FromHours(1));
                return Response.Text("never");
            },
            new HttpServerOptions
            {
                Times = new() { HandlerTimeout = TimeSpan.FromMilliseconds(1) },
            });
        using HttpResponseMessage response = await server.Client.GetAsync("/");
        await disposed.Task;

        Assert.That((int)response.StatusCode, Is.GreaterThanOrEqualTo(500));
        Assert.That(tally, Is.EqualTo(new Tally { Made = 1, Disposed = 1 }));
    }

    [Test]
    public async Task A_service_is_disposed_of_asynchronously_on_the_loop()
    {
        int thread = 0;
        await using var server = new HostedServer(
            (app, _) => app.Get("/", async Coroutine<Response> (request) =>
            {
                thread = Environment.CurrentManagedThreadId;
                request.GetServices().GetRequiredService<AsyncUnit>();
                return Response.Text("done");
            }),
            more => more.AddScoped<AsyncUnit>());
        await server.StartAsync();
        AsyncUnit.DisposedOn = 0;
        await server.Client.GetStringAsync("/");

        Assert.That(AsyncUnit.DisposedOn, Is.EqualTo(thread).And.Not.Zero);
    }

    [Test]
    public async Task All_are_disposed_of_before_the_response_the_last_made_first_on_the_loop()
    {
        Thread? loop = null;
        var ends = new ConcurrentQueue<(string Name, Thread Thread)>();
        await using var server = new HostedServer(
            (app, _) => app.Get("/", async Coroutine<Response> (request) =>
            {
                loop = Thread.CurrentThread;
                IServiceProvider services = request.GetServices();
                services.GetRequiredKeyedService<Ending>("made first");
                services.GetRequiredService<WaitingEnd>();
                services.GetRequiredKeyedService<Ending>("made last");
                return Response.Text("done");
            }),
            more => more
                .AddKeyedScoped("made first", (_, key) => new Ending($"{key}", ends))
                .AddKeyedScoped("made last", (_, key) => new Ending($"{key}", ends))
                .AddScoped(_ => new WaitingEnd(ends)));
        await server.StartAsync();
        await server.Client.GetStringAsync("/");

        Assert.That(ends.Select(one => one.Name),
            Is.EqualTo(new[] { "made last", "waiting", "waited", "made first" }));
        // The container goes on after a wait on another thread, as the page says.
        Assert.That(ends.Take(3).Select(one => one.Thread), Is.All.SameAs(loop));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Nothing_is_made_after_the_end_of_the_handler(bool handlerAsks)
    {
        Tally tally = new();
        Request? kept = null;
        var errors = new ConcurrentQueue<string>();
        await using var server = new HostedServer(
            (app, _) =>
            {
                app.Get("/", async Coroutine<Response> (request) =>
                {
                    kept = request;
                    Unit? unit = handlerAsks ? request.GetServices().GetService<Unit>() : null;
                    Assert.That(unit is not null, Is.EqualTo(handlerAsks));
                    return Response.Text("done");
                });
                app.OnResponsePrepare.Add((request, _) => errors.Enqueue(Ask(request!)));
            },
            more => Add(more, tally));
        await server.StartAsync();
        await server.Client.GetStringAsync("/");
        errors.Enqueue(Ask(kept!));

        Assert.That(errors, Has.Count.EqualTo(2));
        Assert.That(errors.First(), Does.StartWith("The handler of the request has ended"));
        Assert.That(errors.Last(), Does.StartWith("The request has ended"));
        int made = handlerAsks ? 1 : 0;
        Assert.That(tally, Is.EqualTo(new Tally { Made = made, Disposed = made }));

        static string Ask(Request request) => Assert.Throws<InvalidOperationException>(
            () => request.GetServices().GetService<Unit>())!.Message;
    }

    [TestCase(true, HttpStatusCode.NotFound)]
    [TestCase(false, HttpStatusCode.InternalServerError)]
    public async Task A_failing_disposal_does_not_hide_the_exception_of_the_handler(
        bool handlerThrows, HttpStatusCode expected)
    {
        await using var server = new HostedServer(
            (app, _) => app.Get("/", async Coroutine<Response> (request) =>
            {
                request.GetServices().GetRequiredService<FailingEnd>();
                return handlerThrows ? throw HttpException.NotFound("gone") : Response.Text("ok");
            }),
            more => more.AddScoped<FailingEnd>());
        await server.StartAsync();
        using HttpResponseMessage response = await server.Client.GetAsync("/");
        await server.Host.StopAsync().Soon();

        Assert.That(response.StatusCode, Is.EqualTo(expected));
        Assert.That(server.Log.ExceptionTypes, Is.EqualTo(new[] { typeof(IOException) }));
    }

    [Test]
    public async Task The_scope_of_a_client_that_has_gone_is_disposed_of()
    {
        Tally tally = new();
        var begun = new TaskCompletionSource();
        var disposed = new TaskCompletionSource();
        await using var server = await Serve(
            tally,
            async Coroutine<Response> (request) =>
            {
                request.GetServices().GetRequiredService<Unit>().WhenDisposed = disposed;
                begun.SetResult();
                await EventLoop.Delay(TimeSpan.FromHours(1));
                return Response.Text("never");
            },
            new HttpServerOptions { CancelHandlerOnDisconnect = true });
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            LingerState = new LingerOption(enable: true, seconds: 0), // the close is a reset
        };
        await client.ConnectAsync(IPAddress.Loopback, await server.Port);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        await begun.Task.Soon();
        client.Close();
        await disposed.Task.Soon();

        Assert.That(tally, Is.EqualTo(new Tally { Made = 1, Disposed = 1 }));
    }

    [Test]
    public async Task A_mounted_application_has_the_services_too()
    {
        Tally tally = new();
        var sub = new Application();
        sub.Get("/deep", async Coroutine<Response> (request) =>
            Response.Text($"{request.GetServices().GetRequiredService<Unit>().Number}"));
        await using var server = new HostedServer(
            (app, _) => app.Mount("/sub", sub), more => Add(more, tally));
        await server.StartAsync();

        Assert.That(await server.Client.GetStringAsync("/sub/deep"), Is.EqualTo("1"));
    }

    private static async Task<HostedServer> Serve(
        Tally tally, Handler handler, HttpServerOptions? options = null)
    {
        var server = new HostedServer(
            (app, _) => app.Get("/", handler),
            services => Add(services, tally),
            hosted => hosted.ChangeServer(server => options ?? server));
        return await server.StartAsync();
    }

    private static void Add(IServiceCollection services, Tally tally) =>
        services.AddSingleton(tally).AddScoped<Unit>();

    /// <summary>How many were made and disposed of.</summary>
    private sealed record Tally
    {
        public int Made { get; set; }

        public int Disposed { get; set; }
    }

    /// <summary>A unit of work, as a database context is one.</summary>
    private sealed class Unit : IDisposable
    {
        private readonly Tally _tally;

        public Unit(Tally tally)
        {
            _tally = tally;
            Number = ++tally.Made;
        }

        public int Number { get; }

        public TaskCompletionSource? WhenDisposed { get; set; }

        public void Dispose()
        {
            _tally.Disposed++;
            WhenDisposed?.TrySetResult();
        }
    }

    private sealed class Ending(string name, ConcurrentQueue<(string, Thread)> ends) : IDisposable
    {
        public void Dispose() => ends.Enqueue((name, Thread.CurrentThread));
    }

    private sealed class WaitingEnd(ConcurrentQueue<(string, Thread)> ends) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            ends.Enqueue(("waiting", Thread.CurrentThread));
            await Task.Yield();
            ends.Enqueue(("waited", Thread.CurrentThread));
        }
    }

    private sealed class FailingEnd : IDisposable
    {
        public void Dispose() => throw new IOException("the transaction is lost");
    }

    /// <summary>A service whose end awaits something foreign to the loop.</summary>
    private sealed class AsyncUnit : IAsyncDisposable
    {
        public static int DisposedOn { get; set; }

        public async ValueTask DisposeAsync()
        {
            await Task.Yield();
            DisposedOn = Environment.CurrentManagedThreadId;
        }
    }
}

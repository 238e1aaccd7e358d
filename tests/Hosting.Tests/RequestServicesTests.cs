// A scope of services for each request that asks for one, disposed of on every way out.
using System.Net;
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
            hosted => hosted.Server = options ?? hosted.Server);
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

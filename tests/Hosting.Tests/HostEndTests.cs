// Ends that are not in order: of two servers, of a failed one, and of a host without a stop.
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reactor;
using Reactor.Hosting;
using Reactor.Http;
using Reactor.Net;

namespace Hosting.Tests;

[TestFixture]
public sealed class HostEndTests
{
    [Test]
    public async Task A_host_that_is_disposed_of_without_a_stop_stops_its_server()
    {
        bool isCleanedUp = false;
        var server = new HostedServer((app, _) =>
            app.OnCleanup.Add(async _ => isCleanedUp = true));
        await server.StartAsync();
        server.Host.Dispose();

        Assert.That(isCleanedUp);
        HostedServer.AssertFree(await server.Port);
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task A_host_ends_with_a_client_session_among_its_services(bool closes)
    {
        var server = new HostedServer(
            (app, services) =>
            {
                var session = services.GetRequiredService<ClientSession>();
                app.Get("/hello", HostedServer.Hello);
                app.Get("/", async Coroutine<Response> (request) =>
                {
                    using ClientResponse hello = await session.GetAsync(
                        $"http://{request.Headers["Host"]}/hello");
                    return Response.Text(await hello.TextAsync());
                });
                if (closes)
                {
                    app.OnCleanup.Add(async _ => await session.CloseAsync());
                }
            },
            services => services.AddSingleton(_ => new ClientSession()));
        await server.StartAsync();
        Assert.That(await server.Client.GetStringAsync("/"), Is.EqualTo("hello"));
        await server.DisposeAsync(); // the container is disposed of off the loop, after its end

        Assert.That(server.Log.Messages, Has.None.Contains("xception"));
    }

    [Test]
    public async Task All_servers_begin_their_end_with_that_of_the_host()
    {
        var slow = new SlowHandler();
        var ends = new TaskCompletionSource();
        await using var server = new HostedServer(
            (app, _) => app.OnShutdown.Add(async _ => ends.SetResult()),
            services => services.AddReactorServer(
                (app, _) => app.Get("/", slow.HandleAsync),
                options =>
                {
                    options.Urls.Add("http://127.0.0.1:0");
                    options.OnServing = slow.SetAddress;
                },
                "admin"));
        await server.StartAsync();
        Task<string> answer = server.Client.GetStringAsync(await slow.Address);
        await slow.Begun.Soon();

        // The host stops services one after the other, those that were added last first.
        Task stop = server.Host.StopAsync();
        await ends.Task.Soon();
        Assert.That(stop.IsCompleted, Is.False);
        slow.Release();
        Assert.That(await answer, Is.EqualTo("late"));
        await stop.Soon();
    }

    [Test]
    public async Task A_failure_after_the_end_of_the_host_is_logged_and_no_more()
    {
        var crash = new TaskCompletionSource();
        var slow = new SlowHandler();
        Thread? thread = null;
        var server = new HostedServer((app, _) =>
        {
            thread = Thread.CurrentThread;
            app.Get("/", slow.HandleAsync);
            app.Spawn("worker", async _ => await crash.Task, CrashPolicy.ShutDown);
        });
        await server.StartAsync();
        Task<string> answer = server.Client.GetStringAsync("/");
        await slow.Begun.Soon();
        await server.Host.StopAsync(new CancellationToken(canceled: true));
        server.Host.Dispose();
        crash.SetException(new IOException("the disk is gone"));
        slow.Release();
        await answer;

        Assert.That(thread!.Join(Waiting.Limit), "the thread of the loop has ended");
        Assert.That(server.Log.Messages, Has.Some.EqualTo(
            "The server has failed, and the host ends."));
    }

    [Test]
    public async Task A_crash_is_the_exception_of_RunAsync_also_if_a_callback_of_the_stop_throws()
    {
        var crash = new TaskCompletionSource();
        var server = new HostedServer((app, _) => app.Spawn(
            "worker", async _ => await crash.Task, CrashPolicy.ShutDown));
        server.Lifetime.ApplicationStopping.Register(() => throw new FormatException("callback"));
        Task run = server.Host.RunAsync();
        await server.Port.Soon();
        crash.SetException(new IOException("the disk is gone"));

        Assert.That(async () => await run.Soon(),
            Throws.InstanceOf<IOException>().With.Message.EqualTo("the disk is gone"));
    }

    [Test]
    public async Task The_last_lines_of_the_loop_reach_the_log_before_the_host_ends()
    {
        using var hasStopped = new ManualResetEventSlim();
        bool isLate = false;
        await using var server = new HostedServer((app, _) => app.OnCleanup.Add(async _ =>
            EventLoop.Current.Report(new LoopErrorContext { Message = "last words" })));
        server.Log.OnMessage = message =>
            isLate |= message.Contains("last words", StringComparison.Ordinal)
                && hasStopped.Wait(TimeSpan.FromMilliseconds(200)); // a slow sink
        await server.StartAsync();
        await server.Host.StopAsync().Soon();
        hasStopped.Set();

        Assert.That(server.Log.Messages, Has.Some.Contains("last words"));
        Assert.That(isLate, Is.False);
    }

    [Test]
    public async Task A_sink_that_throws_harms_neither_start_nor_end()
    {
        var server = new HostedServer((app, _) => app.Get("/", HostedServer.Hello));
        server.Log.OnMessage = message =>
        {
            if (message.StartsWith("Now listening", StringComparison.Ordinal))
            {
                throw new IOException("the disk is full");
            }
        };
        await server.StartAsync();

        Assert.That(await server.Client.GetStringAsync("/"), Is.EqualTo("hello"));
        await server.DisposeAsync();
    }

    /// <summary>A handler that answers when a test says so.</summary>
    private sealed class SlowHandler
    {
        private readonly TaskCompletionSource _begun = new();
        private readonly TaskCompletionSource _release = new();
        private readonly TaskCompletionSource<Uri> _address =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        public Task<Uri> Address => _address.Task;

        public void SetAddress(IReadOnlyList<LoopServer> servers) =>
            _address.SetResult(new Uri($"http://127.0.0.1:{HostedServer.PortOf(servers)}"));

        public async Coroutine<Response> HandleAsync(Request request)
        {
            _begun.TrySetResult();
            await _release.Task;
            return Response.Text("late");
        }

        public void Release() => _release.SetResult();
    }
}

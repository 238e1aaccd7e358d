// The start of a server that does not come to its end, and its place among the host's services.
using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Reactor;
using Reactor.Hosting;
using Reactor.Http;
using Reactor.Testing;

namespace Hosting.Tests;

[TestFixture]
public sealed class HostStartTests
{
    [Test]
    public async Task An_exception_in_OnServing_fails_the_start()
    {
        int port = 0;
        await using var server = new HostedServer(
            (app, _) => app.Get("/", HostedServer.Hello),
            configure: options => options.OnServing = servers =>
            {
                port = HostedServer.PortOf(servers);
                throw new IOException("no such folder");
            });

        Assert.That(
            async () => await server.Host.StartAsync().Soon(),
            Throws.InstanceOf<IOException>().With.Message.EqualTo("no such folder"));
        server.Host.Dispose();
        HostedServer.AssertFree(port);
    }

    [TestCase("token")]
    [TestCase("signal")]
    [TestCase("timeout")]
    public async Task A_start_that_hangs_can_be_ended(string by)
    {
        bool isExited = false;
        var begun = new TaskCompletionSource();
        var server = new HostedServer(
            (app, _) =>
            {
                app.CleanupContexts.Add(Context);
                app.OnStartup.Add(async _ =>
                {
                    begun.SetResult();
                    await EventLoop.Delay(TimeSpan.FromDays(1)); // a database does not answer
                });
            },
            services => services.Configure<HostOptions>(options => options.StartupTimeout =
                by == "timeout" ? TimeSpan.FromSeconds(3) : Timeout.InfiniteTimeSpan));
        using var cancel = new CancellationTokenSource();
        Task start = server.Host.StartAsync(cancel.Token);
        await begun.Task.Soon();
        if (by == "token")
        {
            cancel.Cancel();
        }
        else if (by == "signal")
        {
            server.Lifetime.StopApplication(); // as the console's lifetime does on Ctrl+C
        }

        Assert.That(async () => await start.Soon(),
            Throws.InstanceOf<OperationCanceledException>());
        server.Host.Dispose();
        Assert.That(isExited, "the context was exited");
        Assert.That(server.Log.Messages, Has.None.StartsWith("Now listening"));

        async IAsyncEnumerable<Unit> Context(Application app)
        {
            yield return default;
            isExited = true;
        }
    }

    [Test]
    public async Task A_start_ends_also_if_its_hook_cannot_be_cancelled_and_is_then_no_start()
    {
        var begun = new TaskCompletionSource();
        var foreign = new TaskCompletionSource();
        var server = new HostedServer((app, _) => app.OnStartup.Add(async _ =>
        {
            begun.SetResult();
            await foreign.Task; // a task of another library, which knows no cancellation of ours
        }));
        using var cancel = new CancellationTokenSource();
        Task start = server.Host.StartAsync(cancel.Token);
        await begun.Task.Soon();
        cancel.Cancel();

        Assert.That(async () => await start.Soon(),
            Throws.InstanceOf<OperationCanceledException>());
        foreign.SetResult();
        server.Host.Dispose();
        Assert.That(server.Log.Messages, Has.None.StartsWith("Now listening"));
        Assert.That(server.Lifetime.ApplicationStarted.IsCancellationRequested, Is.False);
    }

    [Test]
    public void A_start_with_a_cancelled_token_builds_nothing()
    {
        bool isBuilt = false;
        using IHost host = new HostedServer((_, _) => isBuilt = true).Host;
        IHostedService service = host.Services.GetServices<IHostedService>().Single();

        Assert.That(async () => await service.StartAsync(new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(isBuilt, Is.False);
    }

    [Test]
    public async Task A_second_server_that_fails_to_start_ends_the_first_with_the_host()
    {
        var server = new HostedServer(
            (app, _) => app.Get("/", HostedServer.Hello),
            services => services.AddReactorServer(
                (_, _) => throw new FormatException("no such table"), name: "admin"));

        Assert.That(async () => await server.Host.RunAsync().Soon(),
            Throws.InstanceOf<FormatException>().With.Message.EqualTo("no such table"));
        HostedServer.AssertFree(await server.Port.Soon());
    }

    [Test]
    public async Task Services_added_before_the_server_start_before_it_and_end_after_it()
    {
        var steps = new ConcurrentQueue<string>();
        await using var server = new HostedServer(
            (app, _) =>
            {
                app.OnStartup.Add(async _ => steps.Enqueue("server starts"));
                app.OnCleanup.Add(async _ => steps.Enqueue("server ends"));
            },
            services => services.AddHostedService(_ => new Step("later", steps)),
            before: services =>
                services.AddSingleton<IHostedService>(_ => new Step("earlier", steps)));
        server.Lifetime.ApplicationStarted.Register(() => steps.Enqueue("started"));
        server.Lifetime.ApplicationStopped.Register(() => steps.Enqueue("stopped"));
        await server.StartAsync();
        await server.Host.StopAsync().Soon();

        // The server begins its end with that of the host, beside the services added after it.
        string[] all = [.. steps];
        Assert.That(all[..4], Is.EqualTo(
            new[] { "earlier starts", "server starts", "later starts", "started" }));
        Assert.That(all[4..6], Is.EquivalentTo(new[] { "later ends", "server ends" }));
        Assert.That(all[6..], Is.EqualTo(new[] { "earlier ends", "stopped" }));
    }

    [Test]
    public async Task A_second_host_in_the_process_may_have_the_address_of_the_first()
    {
        int port = 0;
        for (int host = 0; host < 2; host++)
        {
            await using var server = new HostedServer(
                (app, _) => app.Get("/", HostedServer.Hello),
                configure: options =>
                {
                    options.Urls.Clear();
                    options.Urls.Add($"http://127.0.0.1:{port}");
                });
            await server.StartAsync();
            port = await server.Port;
            Assert.That(await server.Client.GetStringAsync("/"), Is.EqualTo("hello"));
        }
    }

    [TestCase(1)]
    [TestCase(2)]
    public async Task No_request_sees_the_context_of_the_start(int loops)
    {
        Skip.Unless(loops == 1 || OperatingSystem.IsLinux(), "several loops need Linux");
        var tenant = new AsyncLocal<string?> { Value = "of the start" };
        await using var server = new HostedServer(
            (app, _) => app.Get("/", async Coroutine<Response> (_) =>
                Response.Text(tenant.Value ?? "none")),
            configure: options => options.Loops = loops);
        await server.StartAsync();

        Assert.That(await server.Client.GetStringAsync("/"), Is.EqualTo("none"));
    }

    private sealed class Step(string name, ConcurrentQueue<string> steps) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken) =>
            steps.Enqueue($"{name} starts");

        public async Task StopAsync(CancellationToken cancellationToken) =>
            steps.Enqueue($"{name} ends");
    }
}

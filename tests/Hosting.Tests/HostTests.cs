// The server lives and ends with a real Generic Host, over real sockets.
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Reactor;
using Reactor.Hosting;
using Reactor.Http;
using Reactor.Testing;

namespace Hosting.Tests;

[TestFixture]
public sealed class HostTests
{
    [Test]
    public async Task The_server_starts_and_ends_with_the_host()
    {
        var server = new HostedServer((app, _) => app.Get("/", HostedServer.Hello));
        await server.StartAsync();
        string text = await server.Client.GetStringAsync("/");
        int port = server.Client.BaseAddress!.Port;
        await server.DisposeAsync();

        Assert.That(text, Is.EqualTo("hello"));
        Assert.That(server.Log.Messages, Has.Some.EqualTo($"Now listening on: 127.0.0.1:{port}"));
        HostedServer.AssertFree(port);
    }

    [Test]
    public async Task A_taken_port_fails_the_start_with_a_sentence()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var server = new HostedServer(
            (app, _) => app.Get("/", HostedServer.Hello),
            configure: options =>
            {
                options.Urls.Clear();
                options.Urls.Add($"http://127.0.0.1:{port}");
            });

        Assert.That(
            async () => await server.Host.StartAsync(),
            Throws.InstanceOf<BindException>().With.Message.StartsWith(
                $"Cannot listen on 127.0.0.1, port {port}: "));
    }

    [Test]
    public async Task A_failing_build_fails_the_start()
    {
        await using var server = new HostedServer(
            (_, _) => throw new FormatException("no such table"));

        Assert.That(
            async () => await server.Host.StartAsync(),
            Throws.InstanceOf<FormatException>().With.Message.EqualTo("no such table"));
    }

    [Test]
    public async Task A_stop_completes_the_requests_in_progress()
    {
        var begun = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        var server = new HostedServer((app, _) => app.Get("/", async Coroutine<Response> (_) =>
        {
            begun.TrySetResult();
            await release.Task;
            return Response.Text("late");
        }));
        await server.StartAsync();
        Task<string> answer = server.Client.GetStringAsync("/");
        await begun.Task;
        Task stop = server.Host.StopAsync();

        Assert.That(stop.IsCompleted, Is.False);
        release.SetResult();
        Assert.That(await answer, Is.EqualTo("late"));
        await stop;
        await server.DisposeAsync();
    }

    [Test]
    public async Task A_stop_ends_with_the_time_of_the_host()
    {
        var begun = new TaskCompletionSource();
        var release = new TaskCompletionSource();
        await using var server = new HostedServer((app, _) => app.Get(
            "/", async Coroutine<Response> (_) =>
            {
                begun.TrySetResult();
                await release.Task;
                return Response.Text("late");
            }));
        await server.StartAsync();
        Task<string> answer = server.Client.GetStringAsync("/");
        await begun.Task;
        await server.Host.StopAsync(new CancellationToken(canceled: true));

        Assert.That(server.Log.Warnings, Has.Some.StartsWith(
            "The server has not ended within the host's shutdown time"));
        release.SetResult();
        await answer;
    }

    [Test]
    public async Task A_crash_stops_the_host_and_is_thrown_at_its_end()
    {
        var crash = new Promise();
        var server = new HostedServer((app, _) =>
        {
            app.Get("/", HostedServer.Hello);
            app.Spawn("worker", _ => crash.WaitAsync(), CrashPolicy.ShutDown);
        });
        await server.StartAsync();
        var lifetime = server.Host.Services.GetRequiredService<IHostApplicationLifetime>();
        var stopping = new TaskCompletionSource();
        lifetime.ApplicationStopping.Register(stopping.SetResult);
        crash.Fail();
        await stopping.Task;

        Assert.That(
            async () => await server.Host.StopAsync(),
            Throws.InstanceOf<IOException>().With.Message.EqualTo("the disk is gone"));
        Assert.That(server.Log.Messages, Has.Some.EqualTo(
            "The server has failed, and the host ends."));
        server.Host.Dispose();
    }

    [Test]
    public void Mistakes_in_options_are_named_together_at_the_start()
    {
        using IHost host = new HostedServer((_, _) => { }, configure: options =>
        {
            options.Urls.Add("ftp://x");
            options.Loops = 0;
            options.Driver = "kqueue";
        }).Host;

        Assert.That(
            async () => await host.StartAsync(),
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains(
                "Urls: each must be http://HOST:PORT, not 'ftp://x'")
                .And.Message.Contains("Loops must be a number from 1 to 1024, not 0.")
                .And.Message.Contains("Driver must be one of sockets"));
    }

    [Test]
    public async Task Two_servers_of_one_host_have_their_own_options()
    {
        var port = new TaskCompletionSource<int>();
        await using var server = new HostedServer(
            (app, _) => app.Get("/", HostedServer.Hello),
            services => services.AddReactorServer(
                (app, _) => app.Get("/", async Coroutine<Response> (_) => Response.Text("admin")),
                options =>
                {
                    options.Urls.Add("http://127.0.0.1:0");
                    options.OnServing = servers =>
                        port.SetResult(HostedServer.PortOf(servers));
                },
                "admin"));
        await server.StartAsync();

        Assert.That(await server.Client.GetStringAsync("/"), Is.EqualTo("hello"));
        Assert.That(
            await server.Client.GetStringAsync($"http://127.0.0.1:{await port.Task}/"),
            Is.EqualTo("admin"));
    }

    [Test]
    public async Task Each_loop_has_an_application_of_its_own()
    {
        Skip.Unless(OperatingSystem.IsLinux(), "several loops need Linux");
        int applications = 0;
        await using var server = new HostedServer(
            (app, _) =>
            {
                Interlocked.Increment(ref applications);
                app.Get("/", HostedServer.Hello);
            },
            configure: options => options.Loops = 2);
        await server.StartAsync();

        Assert.That(await server.Client.GetStringAsync("/"), Is.EqualTo("hello"));
        Assert.That(applications, Is.EqualTo(2));
    }

    [TestCase("Development", null, "the secret cause")]
    [TestCase("Production", null, "")]
    [TestCase("Development", false, "")]
    [TestCase("Production", true, "the secret cause")]
    public async Task Error_responses_name_exceptions_in_development(
        string environment, bool? devMode, string expected)
    {
        await using var server = new HostedServer(
            (app, _) => app.Get("/", async Coroutine<Response> (_) =>
                throw new FormatException("the secret cause")),
            configure: options => options.DevMode = devMode,
            environment: environment);
        await server.StartAsync();
        using HttpResponseMessage response = await server.Client.GetAsync("/");

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.InternalServerError));
        string body = await response.Content.ReadAsStringAsync();
        Assert.That(body.Contains("the secret cause", StringComparison.Ordinal),
            Is.EqualTo(expected.Length > 0));
    }

    /// <summary>A background worker of the loop that fails when a test says so.</summary>
    private sealed class Promise
    {
        private readonly TaskCompletionSource _fail = new();

        public void Fail() => _fail.SetException(new IOException("the disk is gone"));

        public async Coroutine WaitAsync() => await _fail.Task;
    }
}

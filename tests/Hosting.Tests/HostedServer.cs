using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reactor;
using Reactor.Hosting;
using Reactor.Http;
using Reactor.Net;
using Reactor.Testing;

namespace Hosting.Tests;

/// <summary>
/// A Generic Host with one server on a free port, and a client of the framework for it. Its log is
/// kept; disposing stops the host.
/// </summary>
internal sealed class HostedServer : IAsyncDisposable
{
    private readonly TaskCompletionSource<int> _port =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HostedServer(
        Action<Application, IServiceProvider> build,
        Action<IServiceCollection>? services = null,
        Action<ReactorServerOptions>? configure = null,
        string environment = "Production",
        Action<IServiceCollection>? before = null)
    {
        var builder = new HostApplicationBuilder(
            new HostApplicationBuilderSettings { EnvironmentName = environment, Args = [] });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerFactory>(Log);
        before?.Invoke(builder.Services);
        builder.Services.AddReactorServer(build, options =>
        {
            options.Urls.Add("http://127.0.0.1:0");
            options.OnServing = servers => _port.TrySetResult(PortOf(servers));
            configure?.Invoke(options);
        });
        services?.Invoke(builder.Services);
        Host = builder.Build();
        Lifetime = Host.Services.GetRequiredService<IHostApplicationLifetime>();
    }

    public IHost Host { get; }

    public ListLoggerFactory Log { get; } = new();

    public HttpClient Client { get; } = new();

    /// <summary>The events of the host, also after its end.</summary>
    public IHostApplicationLifetime Lifetime { get; }

    /// <summary>The port, once the server serves.</summary>
    public Task<int> Port => _port.Task;

    public static async Coroutine<Response> Hello(Request request) => Response.Text("hello");

    public static int PortOf(IReadOnlyList<LoopServer> servers) =>
        ((IPEndPoint)servers[0].EndPoints[0]).Port;

    /// <summary>Asserts that no socket listens on a port.</summary>
    public static void AssertFree(int port)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        Assert.That(
            async () => await socket.ConnectAsync(IPAddress.Loopback, port),
            Throws.InstanceOf<SocketException>());
    }

    public async Task<HostedServer> StartAsync()
    {
        await Host.StartAsync().Soon();
        Client.BaseAddress = new Uri($"http://127.0.0.1:{await _port.Task}");
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.StopAsync().Soon();
        Host.Dispose();
    }
}

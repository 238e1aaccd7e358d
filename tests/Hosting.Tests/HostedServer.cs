using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Reactor.Hosting;
using Reactor.Http;
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
        string environment = "Production")
    {
        var builder = new HostApplicationBuilder(
            new HostApplicationBuilderSettings { EnvironmentName = environment, Args = [] });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<ILoggerFactory>(Log);
        builder.Services.AddReactorServer(build, options =>
        {
            options.Urls.Add("http://127.0.0.1:0");
            options.OnServing = servers =>
                _port.TrySetResult(((IPEndPoint)servers[0].EndPoints[0]).Port);
            configure?.Invoke(options);
        });
        services?.Invoke(builder.Services);
        Host = builder.Build();
    }

    public IHost Host { get; }

    public ListLoggerFactory Log { get; } = new();

    public HttpClient Client { get; } = new();

    public async Task<HostedServer> StartAsync()
    {
        await Host.StartAsync();
        Client.BaseAddress = new Uri($"http://127.0.0.1:{await _port.Task}");
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Host.StopAsync();
        Host.Dispose();
    }
}

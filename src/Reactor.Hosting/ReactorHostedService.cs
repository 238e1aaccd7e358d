using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Reactor.Drivers;
using Reactor.Http;
using Reactor.Net;

namespace Reactor.Hosting;

/// <summary>
/// Runs a server on threads of its own for as long as the host runs. The host has the signals; the
/// server's end is a graceful shutdown within the time of the host.
/// </summary>
/// <remarks>
/// A failure at the start fails the start of the host. A later one, of a listener or of a
/// background task with <see cref="CrashPolicy.ShutDown"/>, is logged, stops the host, and is
/// thrown by <see cref="StopAsync"/>, so that the program does not exit as if all were well.
/// </remarks>
internal sealed partial class ReactorHostedService(
    IServiceProvider services, Action<Application, IServiceProvider> build, string name)
    : IHostedService
{
    // Continuations are of the host and must not run on the loop's thread.
    private readonly TaskCompletionSource _started =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly ILogger _logger =
        services.GetRequiredService<ILoggerFactory>().CreateLogger("Reactor.Hosting");

    private ServerGroup? _group;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ReactorServerOptions options =
            services.GetRequiredService<IOptionsMonitor<ReactorServerOptions>>().Get(name);
        _group = MakeGroup(options);
        ListenAddress[] addresses = options.Urls.Count == 0
            ? [ListenAddress.Default]
            : [.. options.Urls.Select(ListenAddress.Parse)];
        var thread = new Thread(() => Run(_group, addresses))
        {
            Name = "loop-0",
            IsBackground = true, // a host that gives up on its services may end
        };
        thread.Start();
        using CancellationTokenRegistration _ = cancellationToken.Register(_group.Stop);
        await _started.Task.ConfigureAwait(false);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_group is not { } group)
        {
            return; // it never started
        }

        group.Stop();
        try
        {
            await _ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_ended.Task.IsCompleted)
        {
            NotEndedInTime(_logger);
        }
    }

    private ServerGroup MakeGroup(ReactorServerOptions options)
    {
        ILoggerFactory loggers = services.GetRequiredService<ILoggerFactory>();
        HttpServerOptions server = options.Server;
        bool isDevelopment = options.DevMode
            ?? services.GetService<IHostEnvironment>()?.IsDevelopment() ?? false;
        return new ServerGroup(options.Loops, MakeApplication, server with
        {
            DevMode = server.DevMode || isDevelopment,
            Log = server.Log with { LoggerFactory = server.Log.LoggerFactory ?? loggers },
        })
        {
            HandlesSignals = false,
            LoopOptions = _ => options.Loop with
            {
                Driver = LoopDrivers.Create(options.Driver ?? LoopDrivers.Names[0]),
                HandleInterrupt = false,
                LoggerFactory = options.Loop.LoggerFactory ?? loggers,
            },
            ServerOptions = options.Listening,
            OnServing = servers =>
            {
                foreach (LoopServer one in servers)
                {
                    Listening(_logger, string.Join(", ", one.EndPoints));
                }

                options.OnServing?.Invoke(servers);
                _started.TrySetResult();
            },
        };
    }

    private Application MakeApplication()
    {
        var application = new Application();
        application.State.Set(RequestServices.RootKey, services);
        application.Use(RequestServices.EndScopeAsync);
        build(application, services);
        return application;
    }

    private void Run(ServerGroup group, ListenAddress[] addresses)
    {
        try
        {
            group.Run([.. addresses.Select(one => (one.Host, one.Port))]);
            _started.TrySetCanceled(); // stopped before it served
            _ended.TrySetResult();
        }
        catch (Exception error)
        {
            if (_started.TrySetException(error))
            {
                _ended.TrySetResult(); // the start tells it
                return;
            }

            Failed(_logger, error);
            _ended.TrySetException(error);
            services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Now listening on: {Addresses}")]
    private static partial void Listening(ILogger logger, string addresses);

    [LoggerMessage(2, LogLevel.Critical, "The server has failed, and the host ends.")]
    private static partial void Failed(ILogger logger, Exception error);

    [LoggerMessage(
        3, LogLevel.Warning,
        "The server has not ended within the host's shutdown time: requests in progress are lost. "
        + "Raise HostOptions.ShutdownTimeout, or lower HttpServerShutdown.Timeout.")]
    private static partial void NotEndedInTime(ILogger logger);
}

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
/// <para>
/// A failure at the start fails the start of the host. A later one, of a listener or of a
/// background task with <see cref="CrashPolicy.ShutDown"/>, is logged, stops the host, and is
/// thrown by <see cref="StopAsync"/>, so that the program does not exit as if all were well.
/// </para>
/// <para>
/// The shutdown begins with the first of: the host's stop, a cancelled start, the disposal of the
/// host. Nothing here waits for the loop without a limit.
/// </para>
/// </remarks>
internal sealed partial class ReactorHostedService(
    IServiceProvider services, Action<Application, IServiceProvider> build, string name)
    : IHostedService, IDisposable
{
    // A host that is disposed of and not stopped has failed, or is that of a test.
    private static readonly TimeSpan s_disposeTime = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_flushTime = TimeSpan.FromSeconds(1);

    // Continuations are of the host and must not run on the loop's thread.
    private readonly TaskCompletionSource _started =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly TaskCompletionSource _ended =
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Made here: the server may outlive the services.
    private readonly IHostApplicationLifetime _lifetime =
        services.GetRequiredService<IHostApplicationLifetime>();

    private readonly ILoggerFactory _loggers = services.GetRequiredService<ILoggerFactory>();
    private readonly ILogger _logger = LogQueue.Wrap(
        services.GetRequiredService<ILoggerFactory>(), "Reactor.Hosting");

    private ServerGroup? _group;
    private Thread? _thread;
    private CancellationTokenRegistration _stopping;
    private volatile bool _isHostEnding;
    private bool _isAbandoned;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ReactorServerOptions options =
            services.GetRequiredService<IOptionsMonitor<ReactorServerOptions>>().Get(name);
        ServerGroup group = MakeGroup(options);
        ListenAddress[] addresses = options.Urls.Count == 0
            ? [ListenAddress.Default]
            : [.. options.Urls.Select(ListenAddress.Parse)];
        _thread = new Thread(() => Run(group, addresses))
        {
            Name = "loop-0",
            IsBackground = true, // a host that gives up on its services may end
        };
        _group = group;
        _thread.UnsafeStart(); // no request sees the context of the host's start

        // Before the turn of this service comes, so that all servers of the host end together.
        _stopping = _lifetime.ApplicationStopping.Register(group.Stop);
        using CancellationTokenRegistration _ = cancellationToken.Register(group.Stop);
        await _started.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_group is not { } group)
        {
            return; // it never started
        }

        _isHostEnding = true;
        group.Stop();
        try
        {
            await _ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!_ended.Task.IsCompleted)
        {
            Abandon();
        }
    }

    /// <summary>Stops a server whose host is disposed of without a stop.</summary>
    public void Dispose()
    {
        _isHostEnding = true;
        _stopping.Dispose();
        _group?.Stop();
        if (!_isAbandoned && _thread?.Join(s_disposeTime) == false)
        {
            Abandon();
        }
    }

    private ServerGroup MakeGroup(ReactorServerOptions options)
    {
        HttpServerOptions server = options.Server;
        bool isDevelopment = options.DevMode
            ?? services.GetService<IHostEnvironment>()?.IsDevelopment() ?? false;
        ServerGroup? group = null;
        group = new ServerGroup(options.Loops, MakeApplication, server with
        {
            DevMode = server.DevMode || isDevelopment,
            Log = server.Log with { LoggerFactory = server.Log.LoggerFactory ?? _loggers },
        })
        {
            HandlesSignals = false,
            LoopOptions = _ => options.Loop with
            {
                Driver = LoopDrivers.Create(options.Driver ?? LoopDrivers.Names[0]),
                HandleInterrupt = false,
                LoggerFactory = options.Loop.LoggerFactory ?? _loggers,
            },
            ServerOptions = options.Listening,
            OnServing = servers => OnServing(group!, options, servers),
        };
        return group;
    }

    private Application MakeApplication()
    {
        var application = new Application();
        build(application.UseServices(services), services);
        return application;
    }

    private void OnServing(
        ServerGroup group, ReactorServerOptions options, IReadOnlyList<LoopServer> servers)
    {
        try
        {
            foreach (LoopServer server in servers)
            {
                Listening(_logger, string.Join(", ", server.EndPoints));
            }

            options.OnServing?.Invoke(servers);
            _started.TrySetResult();
        }
        catch (Exception error)
        {
            _started.TrySetException(error);
            group.Stop();
        }
    }

    private void Run(ServerGroup group, ListenAddress[] addresses)
    {
        Exception? failure = null;
        try
        {
            group.Run([.. addresses.Select(one => (one.Host, one.Port))]);
        }
        catch (Exception error)
        {
            failure = error;
        }

        if (failure is not null && _started.Task.IsCompleted)
        {
            Failed(_logger, failure);
            Flush();
            _ended.TrySetException(failure);
            if (!_isHostEnding)
            {
                _lifetime.StopApplication();
            }

            return;
        }

        Flush();
        _ended.TrySetResult();
        if (failure is not null)
        {
            _started.TrySetException(failure);
        }

        _started.TrySetCanceled(); // stopped before it served
    }

    private void Abandon()
    {
        _isAbandoned = true;
        NotEndedInTime(_logger);
        Flush();
    }

    // The host may then dispose of its sinks.
    private static void Flush() => LogQueue.Flush(s_flushTime);

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

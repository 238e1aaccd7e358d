using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Reactor.Drivers;
using Reactor.Http;
using Reactor.Net;

namespace Reactor.Inspector;

/// <summary>
/// Serves the inspector on a loop and a thread of its own, on the loopback address only: the
/// inspected loop may be blocked. Any thread makes and disposes it.
/// </summary>
internal sealed class InspectorHost : IDisposable
{
    // Some browser tabs, each with a few connections.
    private const int ConnectionsMax = 32;

    private static readonly TimeSpan s_end = TimeSpan.FromSeconds(1);

    /// <summary>For a page that stops reading; its answers are small.</summary>
    private static readonly TimeSpan s_sendIdle = TimeSpan.FromSeconds(10);

    private readonly EventLoopOptions _options;
    private readonly EventLoop _loop;
    private readonly Promise<Unit> _stop;
    private readonly LoopServer _server;
    private readonly HttpServer _http;
    private readonly Thread _thread;
    private readonly string? _firstPath;
    private int _isDisposed;
    private volatile bool _isWarm;

    /// <param name="port">The port; 0 picks a free one.</param>
    /// <param name="makeApplication">Makes the application; called before this returns.</param>
    /// <param name="background">Runs on the inspector's loop until cancelled, or null.</param>
    /// <param name="loggerFactory">For errors of the inspector, or null.</param>
    /// <param name="warmUp">Runs on the inspector's thread before it serves, or null.</param>
    /// <param name="firstPath">Is asked for before a page does, or null.</param>
    /// <exception cref="SocketException">The port cannot be bound.</exception>
    public InspectorHost(
        int port, Func<InspectorGuard, Application> makeApplication,
        Func<Coroutine>? background, ILoggerFactory? loggerFactory = null,
        Action? warmUp = null, string? firstPath = null)
    {
        _options = new EventLoopOptions
        {
            Driver = LoopDrivers.Best(),
            Name = "inspector",
            LoggerFactory = loggerFactory,
            HandleInterrupt = false, // signals are the inspected program's
            CancelTimeout = s_end,
            ExecutorTimeout = s_end,
        };
        _loop = new EventLoop(_options);
        _http = makeApplication(Guard).MakeHandler(new HttpServerOptions
        {
            Shutdown = new() { Timeout = TimeSpan.Zero, CancelTimeout = s_end },
            Times = new() { SendIdleTimeout = s_sendIdle },
        });
        try
        {
            _server = _loop.CreateServer(
                _http, [new IPEndPoint(IPAddress.Loopback, port)],
                new ServerOptions { ConnectionsMax = ConnectionsMax });
        }
        catch (Exception)
        {
            _loop.Close();
            throw;
        }

        Port = ((IPEndPoint)_server.EndPoints[0]).Port;
        Guard.Port = Port;
        _stop = new Promise<Unit>(_loop);
        _firstPath = firstPath;
        _thread = new Thread(() => Run(background, warmUp))
        {
            IsBackground = true,
            Name = "reactor-inspector",
        };
        _thread.Start();
    }

    public int Port { get; }

    public InspectorGuard Guard { get; } = new();

    /// <summary>True once the inspector has answered itself.</summary>
    public bool IsWarm => _isWarm;

    /// <summary>The address of the page, with its token.</summary>
    public string Url => string.Create(
        CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}/?token={Guard.Token}");

    /// <summary>Ends the server and its thread; idempotent.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            try
            {
                _loop.CallSoonThreadSafe(() => _stop.TrySetResult(default));
            }
            catch (ObjectDisposedException)
            {
                // An error has ended the loop.
            }

            _thread.Join(s_end * 3);
        }
    }

    private void Run(Func<Coroutine>? background, Action? warmUp)
    {
        using var runner = new LoopRunner(_options, _ => _loop);
        try
        {
            warmUp?.Invoke();
            runner.Run(() => ServeAsync(background));
        }
        catch (Exception error)
        {
            // On a thread of its own an exception would end the inspected program.
            _loop.Report(new LoopErrorContext
            {
                Message = "The inspector has failed; its page does not answer any more.",
                Exception = error,
            });
        }
    }

    private async Coroutine ServeAsync(Func<Coroutine>? background)
    {
        LoopTask? task = background is null ? null : EventLoop.Spawn(background());
        LoopTask? asked = _firstPath is null ? null : EventLoop.Spawn(AskFirstAsync(_firstPath));
        await _stop;
        task?.Cancel();
        asked?.Cancel();
        await _http.ShutdownAsync(_server);
    }

    private async Coroutine AskFirstAsync(string path)
    {
        _isWarm = await WarmUp.AskAsync(Port, $"{path}&token={Guard.Token}");
    }
}

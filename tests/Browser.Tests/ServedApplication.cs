using System.Net;
using Reactor;
using Reactor.Drivers;
using Reactor.Http;
using Reactor.Net;

namespace Browser.Tests;

/// <summary>
/// An application on a port of the loopback address, with a loop on a thread of its own: an origin
/// for a browser. The test's thread.
/// </summary>
internal sealed class ServedApplication : IDisposable
{
    private static readonly TimeSpan s_hung = TimeSpan.FromSeconds(30);

    private readonly EventLoop _loop;
    private readonly HttpServer _http;
    private readonly LoopServer _server;
    private readonly Thread _thread;

    public ServedApplication(Action<Application> setUp)
    {
        var application = new Application();
        setUp(application);
        _loop = new EventLoop(new EventLoopOptions { Driver = LoopDrivers.Sockets() });
        _http = application.MakeHandler();
        _server = _loop.CreateServer(_http, [new IPEndPoint(IPAddress.Loopback, 0)]);
        Origin = $"http://127.0.0.1:{((IPEndPoint)_server.EndPoints[0]).Port}";
        _thread = new Thread(_loop.RunForever) { IsBackground = true, Name = "served" };
        _thread.Start();
    }

    /// <summary>The origin as the browser serializes it.</summary>
    public string Origin { get; }

    public void Dispose()
    {
        _loop.CallSoonThreadSafe(() => _loop.CreateTask(Stop()));
        Assert.That(_thread.Join(s_hung), "the loop does not end");
        _loop.Close();
    }

    private async Coroutine Stop()
    {
        await _http.ShutdownAsync(_server);
        _loop.Stop();
    }
}

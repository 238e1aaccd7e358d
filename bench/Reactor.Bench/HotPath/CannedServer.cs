// An application served on a loop of its own, without a kernel: see CannedSocket.
using System.Text;
using Reactor.Http;
using Reactor.Net;
using Reactor.Simulation;

namespace Reactor.Bench.HotPath;

internal sealed class CannedServer(Application app, HttpServerOptions? options = null) : IDisposable
{
    private readonly EventLoop _loop = new(new EventLoopOptions
    {
        Driver = new InMemoryDriver(new InMemoryOptions { TurnsAtOneMomentMax = int.MaxValue }),
    });
    private readonly HttpServer _server = app.MakeHandler(options);

    public void Dispose() => _loop.Dispose();

    /// <summary>Serves a connection that brings so many pieces, in turn.</summary>
    public void Serve(int count, params string[] pieces)
    {
        var socket = new CannedSocket(_loop, [.. pieces.Select(Encoding.ASCII.GetBytes)])
        {
            PiecesLeft = count,
        };
        var connection = new Connection(_loop, socket, StreamOptions.Default);
        _loop.RunUntilComplete(_server.ServeAsync(connection));
        if (socket.PiecesLeft != 0)
        {
            throw new InvalidOperationException("The server did not take every request.");
        }
    }
}
